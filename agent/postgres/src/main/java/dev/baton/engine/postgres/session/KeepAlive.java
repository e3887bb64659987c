package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.MoveTallies.Tally;
import org.jspecify.annotations.Nullable;

/// Tells a held client from time to time that its connection lives, with a message that its driver
/// expects at any time and shows to nobody: the present value of `application_name` once more. Only
/// while an answer is owed, since an idle driver may stumble over it.
final class KeepAlive {
  private final SessionCore session;
  private final SessionClock clock;
  private final long millis;
  private SessionClock.@Nullable Timer timer;
  private @Nullable Tally tally;
  private int uncounted;

  KeepAlive(SessionCore session, SessionClock clock, long millis) {
    this.session = session;
    this.clock = clock;
    this.millis = millis;
  }

  /// @param counted where to count; null while the next epoch is not known, and what was sent until
  ///   then is counted when it is
  void start(@Nullable Tally counted) {
    if (counted != null) {
      counted.keepAlivesSent.addAndGet(uncounted);
      uncounted = 0;
    }
    tally = counted;
    if (timer == null) {
      timer = clock.after(millis, this::tick);
    }
  }

  private void tick() {
    if (session.owesAnswer()) {
      session.keepAlive();
      Tally counted = tally;
      if (counted == null) {
        uncounted++;
      } else {
        counted.keepAlivesSent.incrementAndGet();
      }
    }
    timer = clock.after(millis, this::tick);
  }

  void stop() {
    SessionClock.Timer present = timer;
    timer = null;
    uncounted = 0;
    if (present != null) {
      present.cancel();
    }
  }
}
