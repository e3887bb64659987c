package dev.baton.service.agent;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.Route.LossVerdict;
import dev.baton.model.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/// The questions of fronts to the agents of other hosts, about one service.
///
/// A question about a transaction's fate whose answer does not come is asked again: the client is
/// held and its transaction is known to somebody. One about a lost backend that the home's agent
/// cannot answer means that the home goes.
final class RouteQuestions implements RouteHub.Questions {
  private record FateQuestion(long endedEpoch, long transaction) {}

  private record LossQuestion(long epoch, boolean orderly) {}

  private static final int FATE_ATTEMPTS = 5;

  private final String host;
  private final Peers peers;
  private final String fateMethod;
  private final String lossMethod;
  private final BiFunction<Long, Long, CompletionStage<Fate>> ownFate;
  private final BiFunction<Long, Boolean, CompletionStage<LossVerdict>> ownVerdict;

  /// @param ownFate asked when this host is the one to know
  /// @param ownVerdict likewise
  RouteQuestions(
      String service,
      String host,
      Peers peers,
      BiFunction<Long, Long, CompletionStage<Fate>> ownFate,
      BiFunction<Long, Boolean, CompletionStage<LossVerdict>> ownVerdict) {
    this.host = host;
    this.peers = peers;
    this.fateMethod = "fate/" + service;
    this.lossMethod = "loss/" + service;
    this.ownFate = ownFate;
    this.ownVerdict = ownVerdict;
    peers.handle(
        fateMethod,
        (from, body) -> {
          FateQuestion question = Json.MAPPER.readValue(body, FateQuestion.class);
          return ownFate
              .apply(question.endedEpoch(), question.transaction())
              .thenApply(Json.MAPPER::writeValueAsString);
        });
    peers.handle(
        lossMethod,
        (from, body) -> {
          LossQuestion question = Json.MAPPER.readValue(body, LossQuestion.class);
          return ownVerdict
              .apply(question.epoch(), question.orderly())
              .thenApply(Json.MAPPER::writeValueAsString);
        });
  }

  @Override
  public CompletionStage<Fate> fate(String home, long endedEpoch, long transaction) {
    return home.equals(host)
        ? ownFate.apply(endedEpoch, transaction)
        : askFate(home, new FateQuestion(endedEpoch, transaction), FATE_ATTEMPTS);
  }

  private CompletionStage<Fate> askFate(String home, FateQuestion question, int attempts) {
    CompletionStage<Fate> answer =
        peers
            .ask(home, fateMethod, Json.MAPPER.writeValueAsString(question))
            .thenApply(body -> Json.MAPPER.readValue(body, Fate.class));
    return attempts <= 1
        ? answer
        : answer.exceptionallyCompose(silent -> askFate(home, question, attempts - 1));
  }

  @Override
  public CompletionStage<LossVerdict> backendLost(String home, long epoch, boolean orderly) {
    if (home.equals(host)) {
      return ownVerdict.apply(epoch, orderly);
    }
    String body = Json.MAPPER.writeValueAsString(new LossQuestion(epoch, orderly));
    return peers
        .ask(home, lossMethod, body)
        .thenApply(answer -> Json.MAPPER.readValue(answer, LossVerdict.class))
        .exceptionallyCompose(silent -> CompletableFuture.completedStage(LossVerdict.HOME_GOING));
  }
}
