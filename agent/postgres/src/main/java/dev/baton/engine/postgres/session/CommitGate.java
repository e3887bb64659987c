package dev.baton.engine.postgres.session;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gate of durability `request`: a commit is passed on only when each in-sync memory has what
/// led to it. A memory that is silent is waited for, until it answers or is recorded out. One that
/// says no is asked again for a while: it may have dropped the connection, or the home be about to
/// change, which takes the commit back by itself. After that the commit is not sent at all.
/// Confined to the session's event loop.
final class CommitGate {
  private static final Logger LOG = LoggerFactory.getLogger(CommitGate.class);

  private static final long FIRST_RETRY_MILLIS = 10;
  private static final long MAX_RETRY_MILLIS = 200;

  /// Long enough for a memory to be connected to again or recorded out.
  private static final long BOUND_MILLIS = 2_000;

  private final FrontShared front;
  private final SessionClock clock;
  private final long session;

  /// One commit that waits.
  ///
  /// @param wanted false when its backend is gone, and with it the commit
  private record Waiting(
      long request,
      long answersDigest,
      long untilNanos,
      BooleanSupplier wanted,
      Consumer<Boolean> then) {}

  CommitGate(FrontShared front, SessionClock clock, long session) {
    this.front = front;
    this.clock = clock;
    this.session = session;
  }

  /// @param request the last one of the transaction
  /// @param answersDigest of the answers given so far in it
  /// @param then told on the event loop whether the commit may be passed on
  void pass(long request, long answersDigest, BooleanSupplier wanted, Consumer<Boolean> then) {
    long until = clock.nowNanos() + TimeUnit.MILLISECONDS.toNanos(BOUND_MILLIS);
    ask(new Waiting(request, answersDigest, until, wanted, then), FIRST_RETRY_MILLIS);
  }

  private void ask(Waiting waiting, long retryMillis) {
    front
        .requestLog()
        .acknowledged(session, waiting.request(), waiting.answersDigest())
        .whenComplete(
            (_, failure) ->
                clock.execute(
                    () -> {
                      if (!waiting.wanted().getAsBoolean()) {
                        return;
                      }
                      if (failure == null) {
                        waiting.then().accept(true);
                      } else {
                        refused(waiting, retryMillis, failure);
                      }
                    }));
  }

  private void refused(Waiting waiting, long retryMillis, Throwable failure) {
    if (clock.nowNanos() - waiting.untilNanos() < 0) {
      clock.after(
          retryMillis,
          () -> {
            if (waiting.wanted().getAsBoolean()) {
              ask(waiting, Math.min(MAX_RETRY_MILLIS, retryMillis * 2));
            }
          });
      return;
    }
    LOG.error(
        "session {}: a commit was not passed on, since no memory confirmed its requests within {}"
            + " ms: rolled back, told 53000; {}",
        session,
        BOUND_MILLIS,
        String.valueOf(failure.getMessage()));
    waiting.then().accept(false);
  }
}
