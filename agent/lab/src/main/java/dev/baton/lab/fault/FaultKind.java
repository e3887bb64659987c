package dev.baton.lab.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  /// The network between this host's agent and the other hosts with a database drops everything,
  /// for longer than a member that is away is waited for; nobody is told of it, and all hosts live
  /// on.
  CUT_PEER,
  /// The same between this host's agent and all others.
  CUT_PEERS,
  /// The same of what this host sends: it hears the others.
  CUT_TO_PEERS,
  /// The same of what the others send: they hear it.
  CUT_FROM_PEERS,
  /// The same between this host's agent and every coordination server.
  CUT_COORDINATION,
  /// The same of both: the host is alone, and lives.
  ISOLATE_HOST,
  /// The same between this host's front and its clients.
  CUT_CLIENTS,
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

  /// What of the network fails; null when it does not.
  public @Nullable Cut cut() {
    return switch (this) {
      case CUT_PEER -> Cut.DATABASES;
      case CUT_PEERS -> Cut.PEERS;
      case CUT_TO_PEERS -> Cut.TO_PEERS;
      case CUT_FROM_PEERS -> Cut.FROM_PEERS;
      case CUT_COORDINATION -> Cut.COORDINATION;
      case ISOLATE_HOST -> Cut.EVERYTHING;
      case CUT_CLIENTS -> Cut.CLIENTS;
      case KILL_DATABASE,
          FREEZE_DATABASE,
          STOP_DATABASE,
          KILL_AGENT,
          FREEZE_AGENT,
          PAUSE_AGENT,
          KILL_HOST,
          FREEZE_HOST,
          KILL_VOTER,
          LOSE_COORDINATION,
          SWITCHOVER,
          FAILOVER,
          REJOIN,
          OVERLOAD,
          DEGRADE,
          MAINTENANCE ->
          null;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
