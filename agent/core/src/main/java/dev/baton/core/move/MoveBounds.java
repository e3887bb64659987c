package dev.baton.core.move;

/// How long a move waits for each thing before it does what is stated here.
///
/// @param recordMillis for coordination to write: before the fence the move is undone; after it the
///   move goes on trying and raises `coordination-unreachable`
/// @param catchUpMillis for the target to come near: then undone
/// @param catchUpBytes what near is
/// @param graceMillis for open transactions to end: then they are replayed at the target
/// @param fenceMillis for the source to say that it is fenced: then undone
/// @param silenceMillis the same for a failover: longer than a lease, which may have to run out
/// @param confirmMillis for the memory to have the source's last position: under `replication` the
///   move goes on, since nothing beyond it was acknowledged; else it is undone with an alarm
/// @param stopReceivingMillis for the log source to stop: then failed
/// @param flushMillis for the target's instance to have all log: alarm, and on
/// @param promoteMillis for the target's instance to take writes: then failed
/// @param frontsMillis for the fronts to have restored their sessions: then the move ends and says
///   how many are pending
public record MoveBounds(
    long recordMillis,
    long catchUpMillis,
    long catchUpBytes,
    long graceMillis,
    long fenceMillis,
    long silenceMillis,
    long confirmMillis,
    long stopReceivingMillis,
    long flushMillis,
    long promoteMillis,
    long frontsMillis) {

  public static final MoveBounds DEFAULT =
      new MoveBounds(
          2_000, 30_000, 1 << 20, 100, 2_000, 15_000, 2_000, 2_000, 30_000, 30_000, 5_000);
}
