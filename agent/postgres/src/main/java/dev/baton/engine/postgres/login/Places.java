package dev.baton.engine.postgres.login;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts the clients of a front, from their start-up packet to the end of their connection. Safe
/// for any thread.
final class Places {
  private final int max;
  private final AtomicInteger taken = new AtomicInteger();

  Places(int max) {
    this.max = max;
  }

  /// False when all are taken.
  boolean take() {
    if (taken.incrementAndGet() > max) {
      taken.decrementAndGet();
      return false;
    }
    return true;
  }

  void giveBack() {
    taken.decrementAndGet();
  }
}
