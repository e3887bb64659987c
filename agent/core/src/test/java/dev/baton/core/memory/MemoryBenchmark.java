package dev.baton.core.memory;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;

/// Prints how much log and how many requests one thread takes in; run by hand.
final class MemoryBenchmark {
  private static final int ROUNDS = 5;

  private MemoryBenchmark() {}

  public static void main(String[] args) {
    for (int round = 0; round < ROUNDS; round++) {
      System.out.printf(
          Locale.ROOT, "%.0f MB/s of log, %.0f requests/s%n", logRate() / 1e6, requestRate());
    }
  }

  private static double logRate() {
    ServiceMemory memory = memory();
    ByteBuffer piece = ByteBuffer.allocateDirect(8192);
    long total = 2L << 30;
    long began = System.nanoTime();
    for (long at = 0; at < total; at += piece.capacity()) {
      memory.log().append(LogPosition.of(at), piece.rewind());
      if (at % (16 << 20) == 0) {
        memory.log().release(LogPosition.of(at));
      }
    }
    return total * 1e9 / (System.nanoTime() - began);
  }

  /// Transactions of two requests, covered 1000 transactions later.
  private static double requestRate() {
    ServiceMemory memory = memory();
    StampedRequests front = memory.requests("w");
    ByteBuffer request = ByteBuffer.allocate(100);
    int transactions = 2_000_000;
    Queue<Long> toCommit = new ArrayDeque<>();
    long began = System.nanoTime();
    for (long id = 1; id <= transactions; id++) {
      long session = id % 16;
      long first = 2 * id;
      front.stamped(new Stamp(1, session, first, LogPosition.of(id)), first, request.rewind());
      front.identified(session, first, id);
      front.stamped(new Stamp(1, session, first + 1, LogPosition.of(id)), first, request.rewind());
      front.ended(session, first, Ending.COMMITTED);
      toCommit.add(id);
      if (toCommit.size() > 1000) {
        memory.commits().committed(new long[] {toCommit.remove()}, LogPosition.of(id + 1));
      }
    }
    return 2.0 * transactions * 1e9 / (System.nanoTime() - began);
  }

  private static ServiceMemory memory() {
    ServiceMemory memory =
        new ServiceMemory(
            "app", "b", 1, MemoryBounds.DEFAULT, null, Runnable::run, System::nanoTime);
    memory.log().reset(LogPosition.ZERO);
    return memory;
  }
}
