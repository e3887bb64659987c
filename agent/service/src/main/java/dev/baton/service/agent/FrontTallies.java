package dev.baton.service.agent;

import dev.baton.model.Json;
import dev.baton.net.Front.MoveTally;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/// What the fronts of all hosts did for a move, asked until none of them has a session left to
/// restore.
final class FrontTallies {
  private static final long LOOK_AGAIN_MILLIS = 5;

  private final String method;
  private final Peers peers;
  private final LongFunction<MoveTally> own;
  private final ScheduledExecutorService timer;

  /// Body of the question.
  private record Question(long epoch) {}

  /// @param own what this host's front did for the move that opened an epoch
  FrontTallies(
      String service, Peers peers, LongFunction<MoveTally> own, ScheduledExecutorService timer) {
    this.method = "tally/" + service;
    this.peers = peers;
    this.own = own;
    this.timer = timer;
    peers.handle(
        method,
        (from, body) ->
            CompletableFuture.completedStage(
                Json.MAPPER.writeValueAsString(
                    own.apply(Json.MAPPER.readValue(body, Question.class).epoch()))));
  }

  /// Sum over all fronts that answer.
  CompletionStage<MoveTally> ask(long epoch) {
    Set<String> hosts = peers.connected();
    List<CompletableFuture<MoveTally>> answers = new ArrayList<>();
    answers.add(CompletableFuture.completedFuture(own.apply(epoch)));
    String question = Json.MAPPER.writeValueAsString(new Question(epoch));
    for (String host : hosts) {
      answers.add(
          peers
              .ask(host, method, question)
              .thenApply(answer -> Json.MAPPER.readValue(answer, MoveTally.class))
              .exceptionally(silent -> none(epoch))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> answers.stream().map(CompletableFuture::join).reduce(none(epoch), this::plus));
  }

  /// A front whose route has not reached the epoch has all of its sessions still before it.
  static MoveTally notReached(long epoch, int clients) {
    return new MoveTally(epoch, 0, clients, 0, 0, 0, 0, 0);
  }

  static MoveTally none(long epoch) {
    return new MoveTally(epoch, 0, 0, 0, 0, 0, 0, 0);
  }

  private MoveTally plus(MoveTally one, MoveTally other) {
    return new MoveTally(
        one.epoch(),
        one.clientsHeld() + other.clientsHeld(),
        one.pending() + other.pending(),
        one.transactionsReplayed() + other.transactionsReplayed(),
        one.requestsReplayed() + other.requestsReplayed(),
        one.keepAlivesSent() + other.keepAlivesSent(),
        one.serializationFailures() + other.serializationFailures(),
        one.failed() + other.failed());
  }

  /// Completes when nothing is pending any more, or with what is after `boundMillis`.
  CompletionStage<MoveTally> settled(long epoch, long boundMillis) {
    CompletableFuture<MoveTally> settled = new CompletableFuture<>();
    look(epoch, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(boundMillis), settled);
    return settled;
  }

  private void look(long epoch, long deadlineNanos, CompletableFuture<MoveTally> settled) {
    ask(epoch)
        .whenComplete(
            (tally, error) -> {
              if (error != null) {
                settled.completeExceptionally(error);
              } else if (tally.pending() == 0 || System.nanoTime() - deadlineNanos > 0) {
                settled.complete(tally);
              } else {
                timer.schedule(
                    () -> look(epoch, deadlineNanos, settled),
                    LOOK_AGAIN_MILLIS,
                    TimeUnit.MILLISECONDS);
              }
            });
  }
}
