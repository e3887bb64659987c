package dev.baton.engine.postgres.session;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The order in which a front's sessions arrive at a new home: first the transactions whose end was
/// passed on and is not in the log, one by one in the order in which that was, since others may
/// have got their locks and seen what they committed; then answered requests of open transactions,
/// since they hold locks that others waited for; then requests in flight; then new work. What is
/// later waits for what is earlier, but never longer than a bound without progress. Confined to one
/// event loop, to which every call hands over.
final class RestoreOrder {
  enum Turn {
    OPEN_TRANSACTION,
    IN_FLIGHT,
    NEW_WORK
  }

  /// While acknowledged transactions are still to be replayed, it takes so many bounds until the
  /// others stop waiting: work that comes between them may make them differ.
  private static final int ACKNOWLEDGED_BOUNDS = 20;

  /// A session that waits for its turn.
  ///
  /// @param place of the transaction that is to be replayed; else beyond all of them
  private record Waiting(long place, Turn turn, Executor executor, Runnable go) {}

  private final ScheduledExecutorService loop;
  private final long boundMillis;
  private final Map<Turn, Integer> announced = new EnumMap<>(Turn.class);
  private final List<Waiting> waiting = new ArrayList<>();
  private final NavigableMap<Long, Integer> boundsByPlace = new TreeMap<>();
  private final AtomicLong lastPlace = new AtomicLong();
  private int boundsPassed;
  private boolean progressed;
  private boolean timed;

  RestoreOrder(ScheduledExecutorService loop, long boundMillis) {
    this.loop = loop;
    this.boundMillis = boundMillis;
  }

  /// Place of a transaction whose end is sent only then: one that depends on another has the later
  /// place. From any thread.
  long nextPlace() {
    return lastPlace.incrementAndGet();
  }

  /// A transaction that was acknowledged, or is being ended, may have to be replayed.
  void announcePlace(long place, boolean acknowledged) {
    loop.execute(() -> boundsByPlace.put(place, acknowledged ? ACKNOWLEDGED_BOUNDS : 1));
  }

  /// It is replayed, or need not be.
  void placeDone(long place) {
    loop.execute(
        () -> {
          boundsByPlace.remove(place);
          progressed = true;
          release();
        });
  }

  /// Runs `go` on `executor` when no earlier transaction is left, or the bound has passed.
  void awaitPlace(long place, Executor executor, Runnable go) {
    await(new Waiting(place, Turn.OPEN_TRANSACTION, executor, go));
  }

  /// A session has something to restore, as soon as there is a home.
  void announce(Turn turn) {
    loop.execute(() -> announced.merge(turn, 1, Integer::sum));
  }

  /// It is restored, or has given up.
  void done(Turn turn) {
    loop.execute(() -> finish(turn));
  }

  private void finish(Turn turn) {
    announced.computeIfPresent(turn, (_, count) -> count > 1 ? count - 1 : null);
    progressed = true;
    release();
  }

  /// A session has restored what it had to at its turn `before`, and goes on at `next`: nobody
  /// comes in between.
  void change(Turn before, Turn next) {
    loop.execute(
        () -> {
          announced.merge(next, 1, Integer::sum);
          finish(before);
        });
  }

  /// Runs `go` on `executor` when it is the turn of `turn`, or the bound has passed.
  void await(Turn turn, Executor executor, Runnable go) {
    await(new Waiting(Long.MAX_VALUE, turn, executor, go));
  }

  private void await(Waiting next) {
    loop.execute(
        () -> {
          waiting.add(next);
          release();
          if (!waiting.isEmpty()) {
            arm();
          }
        });
  }

  private void arm() {
    if (!timed) {
      timed = true;
      loop.schedule(this::boundPassed, boundMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void release() {
    waiting.removeIf(
        next -> {
          boolean go = isTurn(next);
          if (go) {
            next.executor().execute(next.go());
          }
          return go;
        });
  }

  private boolean isTurn(Waiting next) {
    if (!boundsByPlace.isEmpty() && boundsByPlace.firstKey() < next.place()) {
      return false;
    }
    if (next.place() != Long.MAX_VALUE) {
      return true;
    }
    Turn turn = next.turn();
    for (Turn earlier : Turn.values()) {
      if (earlier.compareTo(turn) < 0 && announced.getOrDefault(earlier, 0) > 0) {
        return false;
      }
    }
    return true;
  }

  private void boundPassed() {
    timed = false;
    boundsPassed = progressed ? 0 : boundsPassed + 1;
    progressed = false;
    int allowed = boundsByPlace.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    if (boundsPassed < allowed) {
      if (!waiting.isEmpty()) {
        arm();
      }
      return;
    }
    boundsPassed = 0;
    waiting.forEach(next -> next.executor().execute(next.go()));
    waiting.clear();
  }
}
