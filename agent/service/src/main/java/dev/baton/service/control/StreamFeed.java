package dev.baton.service.control;

import dev.baton.model.Json;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.StreamMessage;
import dev.baton.service.control.ControlServer.Bounds;
import dev.baton.service.control.StreamState.Look;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the source while somebody listens, makes one message of what changed, and hands the
/// same bytes to every reader. One backlog, bounded, serves readers that lag and readers that
/// resume; who falls out of it, or takes nothing for the time of `Bounds.write`, is dropped with a
/// reason. Everything is confined to one thread of its own, since turning 10,000 sessions into JSON
/// must not hold up an event loop that has sessions.
final class StreamFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamFeed.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration DURING_MOVE = Duration.ofMillis(50);
  private static final long LOOK_MILLIS = 3_000;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Told(long sequence, byte[] bytes) {}

  private final ControlSource source;
  private final Duration interval;
  private final Bounds bounds;
  private final Metrics metrics;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private final StreamState state;
  private final Set<StreamReader> readers = new LinkedHashSet<>();
  private final Deque<Told> backlog = new ArrayDeque<>();
  private long backlogBytes;
  private @Nullable Told snapshot;
  private @Nullable Look last;
  private long toldNanos;
  private @Nullable Future<?> nextLook;
  private boolean looking;
  private boolean failing;

  StreamFeed(ControlSource source, Duration interval, Bounds bounds, Metrics metrics, Clock clock) {
    this.source = source;
    this.interval = interval;
    this.bounds = bounds;
    this.metrics = metrics;
    this.clock = clock;
    // Microseconds of the clock: above all that an earlier life counted, one by one, from its own.
    this.state = new StreamState(clock.millis() * 1_000);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("control-stream").daemon().factory());
  }

  void join(StreamReader reader) {
    run(
        () -> {
          readers.add(reader);
          metrics.streamReaders.set(readers.size());
          look(); // what is known may be from the time of the last reader
        });
  }

  void leave(StreamReader reader) {
    run(
        () -> {
          readers.remove(reader);
          metrics.streamReaders.set(readers.size());
        });
  }

  private void run(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the stream has ended");
    }
  }

  private void look() {
    if (looking || readers.isEmpty()) {
      return;
    }
    looking = true;
    Look before = last;
    var status = part(source.status(), before, Look::status);
    var positions = part(source.positions(), before, Look::positions);
    var memory = part(source.memory(), before, Look::memory);
    var sessions = part(source.sessions(), before, Look::sessions);
    var moves = part(source.moves(), before, Look::moves);
    CompletableFuture.allOf(status, positions, memory, sessions, moves)
        .whenComplete(
            (_, failure) ->
                run(
                    () ->
                        looked(
                            failure == null
                                ? new Look(
                                    status.join(),
                                    positions.join(),
                                    memory.join(),
                                    sessions.join(),
                                    moves.join(),
                                    rules())
                                : null,
                            failure)));
  }

  /// Every agent has them: nobody is asked.
  private RulesView rules() {
    PolicyDesk desk = source.policies();
    return new RulesView(desk.policies(), desk.maintenance(), desk.why());
  }

  /// What does not answer in time stays as it was; its own `measuredAt` shows its age.
  private static <T> CompletableFuture<T> part(
      CompletionStage<T> asked, @Nullable Look before, Function<Look, T> known) {
    CompletableFuture<T> part =
        asked.toCompletableFuture().copy().orTimeout(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return before == null ? part : part.exceptionally(_ -> known.apply(before));
  }

  private void looked(@Nullable Look look, @Nullable Throwable failure) {
    looking = false;
    if (look != null) {
      failing = false;
      tell(look);
    } else if (!failing) {
      failing = true;
      LOG.warn("the stream has nothing to show yet: {}", String.valueOf(failure));
    }
    dropSlowReaders();
    Future<?> planned = nextLook;
    if (planned != null) {
      planned.cancel(false); // a reader that joined has made this look come early
    }
    nextLook = thread.schedule(this::look, pauseMillis(), TimeUnit.MILLISECONDS);
  }

  private long pauseMillis() {
    Look look = last;
    boolean moving =
        look != null && look.moves().stream().anyMatch(move -> move.outcome().equals("running"));
    return moving ? Math.min(DURING_MOVE.toMillis(), interval.toMillis()) : interval.toMillis();
  }

  private void tell(Look look) {
    last = look;
    StreamMessage message = state.advance(look, clock.instant());
    long now = System.nanoTime();
    boolean due = now - toldNanos >= HEARTBEAT.toNanos();
    if (!StreamState.isEmpty(message) || due) {
      toldNanos = now;
      keep(new Told(message.sequence(), Json.MAPPER.writeValueAsBytes(message)));
    } else {
      state.forget(message);
    }
    List.copyOf(readers).forEach(this::pump);
  }

  private void keep(Told told) {
    snapshot = null;
    backlog.addLast(told);
    backlogBytes += told.bytes().length;
    while (backlog.size() > bounds.backlogMessages()
        || (backlogBytes > bounds.backlogBytes() && backlog.size() > 1)) {
      backlogBytes -= backlog.removeFirst().bytes().length;
    }
  }

  /// Gives the reader the next message when it has taken the one before.
  private void pump(StreamReader reader) {
    if (reader.sending || last == null || !readers.contains(reader)) {
      return;
    }
    Told next = next(reader);
    if (next == null) {
      return;
    }
    reader.joining = false;
    reader.seen = next.sequence();
    reader.sending = true;
    reader.sendingSinceNanos = System.nanoTime();
    reader
        .send(next.bytes())
        .addListener(
            done ->
                run(
                    () -> {
                      reader.sending = false;
                      if (done.isSuccess()) {
                        pump(reader);
                      }
                    }));
  }

  private @Nullable Told next(StreamReader reader) {
    if (reader.seen == state.sequence()) {
      return null;
    }
    Told first = backlog.peekFirst();
    boolean known = first != null && reader.seen >= first.sequence() - 1;
    if (known && reader.seen < state.sequence()) {
      for (Told told : backlog) {
        if (told.sequence() == reader.seen + 1) {
          return told;
        }
      }
    }
    if (reader.joining) {
      return snapshot();
    }
    drop(reader, "it is more than " + bounds.backlogMessages() + " messages behind");
    return null;
  }

  private Told snapshot() {
    Told known = snapshot;
    if (known == null) {
      StreamMessage message = state.snapshot(clock.instant());
      known = new Told(message.sequence(), Json.MAPPER.writeValueAsBytes(message));
      snapshot = known;
    }
    return known;
  }

  private void dropSlowReaders() {
    long now = System.nanoTime();
    for (StreamReader reader : new ArrayList<>(readers)) {
      if (reader.sending && now - reader.sendingSinceNanos > bounds.write().toNanos()) {
        drop(reader, "it has taken nothing for " + bounds.write().toMillis() + " ms");
      }
    }
  }

  private void drop(StreamReader reader, String why) {
    LOG.warn("dropping the stream's reader {}: {}", reader, why);
    readers.remove(reader);
    metrics.streamReaders.set(readers.size());
    metrics.slowReadersDropped.increment();
    reader.close(WebSocketCloseStatus.TRY_AGAIN_LATER, "slow reader: " + why);
  }

  @Override
  public void close() {
    run(
        () ->
            readers.forEach(
                reader ->
                    reader.close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "the agent stops")));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
