package dev.baton.engine.postgres.session;

import java.util.concurrent.Executor;

/// Time and the session's thread.
interface SessionClock extends Executor {
  long nowNanos();

  /// Runs once on the session's event loop.
  Timer after(long millis, Runnable task);

  interface Timer {
    void cancel();
  }
}
