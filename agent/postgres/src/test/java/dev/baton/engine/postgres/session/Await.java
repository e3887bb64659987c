package dev.baton.engine.postgres.session;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Waits for what must come to be true, within a bound.
final class Await {
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private Await() {}

  static void until(String what, Callable<Boolean> condition) {
    long until = System.nanoTime() + BOUND_NANOS;
    try {
      while (!condition.call()) {
        if (System.nanoTime() - until > 0) {
          throw new AssertionError("not within 20 s: " + what);
        }
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    } catch (Exception e) {
      throw new IllegalStateException(what, e);
    }
  }
}
