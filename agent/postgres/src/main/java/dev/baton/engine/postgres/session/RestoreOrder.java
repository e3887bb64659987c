package dev.baton.engine.postgres.session;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The order in which a front's sessions arrive at a new home: answered requests of open
/// transactions first, since they hold locks that others waited for; then requests in flight; then
/// new work. Sessions of a later turn wait for those of the earlier ones, but never longer than a
/// bound. Confined to one event loop, to which every call hands over.
final class RestoreOrder {
  enum Turn {
    OPEN_TRANSACTION,
    IN_FLIGHT,
    NEW_WORK
  }

  /// A session that waits for its turn.
  private record Waiting(Turn turn, Executor executor, Runnable go) {}

  private final ScheduledExecutorService loop;
  private final long boundMillis;
  private final Map<Turn, Integer> announced = new EnumMap<>(Turn.class);
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean timed;

  RestoreOrder(ScheduledExecutorService loop, long boundMillis) {
    this.loop = loop;
    this.boundMillis = boundMillis;
  }

  /// A session has something to restore, as soon as there is a home.
  void announce(Turn turn) {
    loop.execute(() -> announced.merge(turn, 1, Integer::sum));
  }

  /// It is restored, or has given up.
  void done(Turn turn) {
    loop.execute(
        () -> {
          announced.computeIfPresent(turn, (_, count) -> count > 1 ? count - 1 : null);
          release();
        });
  }

  /// Runs `go` on `executor` when it is the turn of `turn`, or the bound has passed.
  void await(Turn turn, Executor executor, Runnable go) {
    loop.execute(
        () -> {
          waiting.add(new Waiting(turn, executor, go));
          release();
          if (!waiting.isEmpty() && !timed) {
            timed = true;
            loop.schedule(this::releaseAll, boundMillis, TimeUnit.MILLISECONDS);
          }
        });
  }

  private void release() {
    waiting.removeIf(
        next -> {
          boolean go = isTurn(next.turn());
          if (go) {
            next.executor().execute(next.go());
          }
          return go;
        });
  }

  private boolean isTurn(Turn turn) {
    for (Turn earlier : Turn.values()) {
      if (earlier.compareTo(turn) < 0 && announced.getOrDefault(earlier, 0) > 0) {
        return false;
      }
    }
    return true;
  }

  private void releaseAll() {
    timed = false;
    waiting.forEach(next -> next.executor().execute(next.go()));
    waiting.clear();
  }
}
