package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The time between two questions to a server that tells nothing of itself.
final class Pause {
  private Pause() {}

  /// @throws InterruptedIOException when the thread is to give up
  static void of(Duration duration) throws IOException {
    LockSupport.parkNanos(duration.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while waiting for the database server");
    }
  }
}
