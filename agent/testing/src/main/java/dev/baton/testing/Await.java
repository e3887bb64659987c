package dev.baton.testing;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Waits for what must come to be true. The bound measures nothing: it ends a test that would
/// otherwise wait for ever, and is far beyond what a machine takes that builds on all cores.
public final class Await {
  public static final long BOUND_SECONDS = 60;
  private static final long LOOK_AGAIN_NANOS = 500_000;

  private Await() {}

  public static void until(String what, Callable<Boolean> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
    try {
      while (!condition.call()) {
        if (System.nanoTime() - end > 0) {
          throw new AssertionError("not within " + BOUND_SECONDS + " s: " + what);
        }
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    } catch (Exception e) {
      throw new IllegalStateException(what, e);
    }
  }

  /// What the stage ends with.
  public static <T> T result(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  /// What the stage fails with.
  public static Throwable failure(CompletionStage<?> stage) {
    try {
      Object answer = stage.toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("it succeeded: " + answer);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer within " + BOUND_SECONDS + " s", e);
    }
  }

  /// What is told next.
  public static <T> T next(BlockingQueue<T> told) throws InterruptedException {
    T next = told.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was told within " + BOUND_SECONDS + " s");
    }
    return next;
  }
}
