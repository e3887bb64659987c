package dev.baton.core.move;

/// From where on a guardrail warns or blocks.
///
/// @param warnLagBytes beyond it the catch up takes noticeable time
/// @param blockLagBytes beyond it a switchover would not catch up within its bound
/// @param warnCpuPercent of the target
/// @param warnDiskFreeBytes of the target
/// @param blockDiskFreeBytes of the target
/// @param minimumSecondsBetweenMoves against moving to and fro
/// @param planSeconds for which a plan may be run
public record PlanLimits(
    long warnLagBytes,
    long blockLagBytes,
    double warnCpuPercent,
    long warnDiskFreeBytes,
    long blockDiskFreeBytes,
    double minimumSecondsBetweenMoves,
    long planSeconds) {

  public static final PlanLimits DEFAULT =
      new PlanLimits(1L << 24, 1L << 30, 80, 4L << 30, 256L << 20, 10, 60);
}
