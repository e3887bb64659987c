package dev.baton.lab.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What can be done to a host.
public enum FaultKind {
  /// SIGKILL to the main process alone; its backends may live on for a while.
  KILL_DATABASE,
  /// SIGSTOP to all processes of the server.
  FREEZE_DATABASE,
  /// An orderly stop, as an administrator's.
  STOP_DATABASE,
  KILL_AGENT,
  /// SIGSTOP for longer than the agent's lease.
  FREEZE_AGENT,
  /// SIGSTOP for less than the agent's lease.
  PAUSE_AGENT,
  /// Agent, database and coordination server of a host at once; the host comes up again later.
  KILL_HOST,
  /// The same, stopped with SIGSTOP for longer than a lease: silence, no resets; then it wakes up.
  FREEZE_HOST,
  /// SIGKILL of one coordination server of three.
  KILL_VOTER,
  /// SIGSTOP of every coordination server, for longer than a lease and a session.
  LOSE_COORDINATION,
  /// A planned move, asked for by the control interface.
  SWITCHOVER,
  /// An operator's failover of a home that may well live, asked for by the control interface.
  FAILOVER,
  /// The service has a standby in sync again.
  REJOIN,
  /// Every core is busy on behalf of the host, until the home has left or for 25 s; its policy is
  /// automatic from then on, as for the two that follow.
  OVERLOAD,
  /// The host has one core only from now on; needs more than one, and `taskset`.
  DEGRADE,
  /// Maintenance of the host is announced, until the home has left or for 25 s.
  MAINTENANCE;

  /// @throws IllegalArgumentException naming the faults there are
  public static FaultKind parse(String text) {
    for (FaultKind kind : values()) {
      if (kind.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown fault '"
            + text
            + "': "
            + Arrays.stream(values()).map(FaultKind::toString).collect(Collectors.joining(", ")));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
