package dev.baton.engine.postgres.session;

import dev.baton.net.ClientLatency;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What a front did for each move, by the epoch that the move opened, and since it opened. Safe for
/// any thread.
final class MoveTallies {
  /// Moves that are remembered; older ones are forgotten.
  private static final int MAX_EPOCHS = 64;

  static final class Tally {
    final AtomicInteger clientsHeld = new AtomicInteger();
    final AtomicInteger transactionsReplayed = new AtomicInteger();
    final AtomicInteger requestsReplayed = new AtomicInteger();
    final AtomicInteger keepAlivesSent = new AtomicInteger();
    final AtomicInteger serializationFailures = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
  }

  /// Of all sessions.
  final ClientLatency latency = new ClientLatency();

  final AtomicLong requests = new AtomicLong();
  final AtomicLong transactions = new AtomicLong();
  private final ConcurrentSkipListMap<Long, Tally> byEpoch = new ConcurrentSkipListMap<>();

  Tally of(long epoch) {
    Tally tally = byEpoch.computeIfAbsent(epoch, _ -> new Tally());
    while (byEpoch.size() > MAX_EPOCHS) {
      byEpoch.pollFirstEntry();
    }
    return tally;
  }
}
