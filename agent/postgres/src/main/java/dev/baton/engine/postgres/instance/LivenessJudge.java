package dev.baton.engine.postgres.instance;

/// Decides when a server that has not ended counts as frozen. Pure: it is given what was observed.
///
/// Only time in which the observer itself was running counts, each step at most `MAX_STEP_NANOS`:
/// after a pause of the agent the server's answer lies unread in the socket, and taking that for
/// the server's silence would move a service away from a healthy home.
record LivenessJudge(long observedNanos, long lastSignNanos, long silentNanos, long stoppedNanos) {
  static final long SILENCE_NANOS = 1_000_000_000L;
  static final long STOPPED_NANOS = 300_000_000L;
  static final long MAX_STEP_NANOS = 50_000_000L;

  enum Verdict {
    ALIVE,
    /// Its main process has been stopped by a signal for long enough.
    STOPPED,
    /// Neither a kept connection nor a new one has been answered for long enough.
    SILENT
  }

  static LivenessJudge start(long nowNanos) {
    return new LivenessJudge(nowNanos, nowNanos, 0, 0);
  }

  /// @param answered whether anything was answered since the last step
  /// @param stopped whether the main process is stopped now
  LivenessJudge step(long nowNanos, boolean answered, boolean stopped) {
    long passed = Math.min(nowNanos - observedNanos, MAX_STEP_NANOS);
    return new LivenessJudge(
        nowNanos,
        answered && !stopped ? nowNanos : lastSignNanos,
        answered ? 0 : silentNanos + passed,
        stopped ? stoppedNanos + passed : 0);
  }

  Verdict verdict() {
    if (stoppedNanos >= STOPPED_NANOS) {
      return Verdict.STOPPED;
    }
    return silentNanos >= SILENCE_NANOS ? Verdict.SILENT : Verdict.ALIVE;
  }
}
