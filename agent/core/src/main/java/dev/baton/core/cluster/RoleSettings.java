package dev.baton.core.cluster;

import dev.baton.core.move.MoveBounds;
import dev.baton.model.Durability;

/// What one agent is to do for one service.
///
/// @param host this agent's host
/// @param firstHome host that makes the first record; others wait for it
/// @param carriesInstance false for a gateway or witness: front only
/// @param automaticFailover whether a standby takes over when the home attests its end, or is
///   silent until its lease has ended
/// @param tickMillis at least so often comes a `Tick`
/// @param askAgainMillis after which a request to a peer is repeated
/// @param memberSilentMillis after which an unreachable member is recorded out, so that commits
///   wait for it no more
/// @param takeOverWaitMillis for a standby to take over from a fenced home; then the home comes up
///   again itself
/// @param takeBackMillis for a taker to open; then its source takes back
/// @param leaseMillis for which the home may serve after it asked who could take over
/// @param leaseMarginMillis more than that passes before a standby counts the lease as ended:
///   clocks run at different rates
/// @param renewMillis between two such questions
/// @param retryMillis pause before a failed local step is tried again
/// @param localMillis for a local step without a bound of its own
/// @param logKeepBytes of the home's log for hosts that are away
public record RoleSettings(
    String cluster,
    String service,
    String host,
    String firstHome,
    boolean carriesInstance,
    Durability durability,
    boolean automaticFailover,
    long tickMillis,
    long askAgainMillis,
    long memberSilentMillis,
    long takeOverWaitMillis,
    long takeBackMillis,
    long leaseMillis,
    long leaseMarginMillis,
    long renewMillis,
    long retryMillis,
    long localMillis,
    long logKeepBytes,
    MoveBounds moveBounds) {

  public static RoleSettings of(
      String cluster,
      String service,
      String host,
      String firstHome,
      boolean carriesInstance,
      Durability durability) {
    return new RoleSettings(
        cluster,
        service,
        host,
        firstHome,
        carriesInstance,
        durability,
        true,
        50,
        250,
        5_000,
        3_000,
        60_000,
        2_000,
        200,
        200,
        1_000,
        60_000,
        512L << 20,
        MoveBounds.DEFAULT);
  }

  /// A home that is gone stays gone until an operator orders a move, or it comes up again.
  public RoleSettings withoutAutomaticFailover() {
    return with(false, logKeepBytes);
  }

  public RoleSettings keepingLog(long bytes) {
    return with(automaticFailover, bytes);
  }

  private RoleSettings with(boolean automatic, long keptBytes) {
    return new RoleSettings(
        cluster,
        service,
        host,
        firstHome,
        carriesInstance,
        durability,
        automatic,
        tickMillis,
        askAgainMillis,
        memberSilentMillis,
        takeOverWaitMillis,
        takeBackMillis,
        leaseMillis,
        leaseMarginMillis,
        renewMillis,
        retryMillis,
        localMillis,
        keptBytes,
        moveBounds);
  }
}
