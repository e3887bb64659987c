package dev.baton.core.move;

import java.util.Locale;

/// What needs a person, raised until it is over. Each has its paragraph in docs/operations.md.
public enum Alarm {
  /// The record cannot be written while the source is fenced: nobody serves.
  COORDINATION_UNREACHABLE("bring a majority of the coordination servers back; nothing else"),
  /// The target's instance is slow to take in the log that it has to have before it is promoted.
  TARGET_BEHIND("look at the disk of the target's host, and wait: nothing is lost"),
  /// The target could not be opened; its source takes back.
  MOVE_FAILED("read the explanation and mend the target; its data is copied anew when it rejoins"),
  /// The source's last log did not reach the memory, and commits did not wait for it.
  LAST_POSITION_NOT_CONFIRMED(
      "look at the network and at the standby's lag, then order the move again"),
  /// The home's instance does not start.
  HOME_CANNOT_START(
      "read the server's log; mend disk, memory or port, or order a failover to a standby"),
  /// The home's right to serve could not be renewed in time: it has closed its door.
  LEASE_LOST(
      "look at the network of the home and at coordination; it serves again, or a standby does,"
          + " when a majority of the coordination servers is reached"),
  /// The home is gone, and this standby may not take over by itself.
  HOME_GONE("find out whether the home comes back; if not, order a failover to this host"),
  /// A take-over broke off before it was open, and its source has not come back: nobody serves.
  TAKE_OVER_UNFINISHED(
      "start the agents of the source and of the target; the source has every commit that was"
          + " acknowledged"),
  /// This host's agent and another one are not connected, since one does not believe the other.
  PEER_REFUSED("do as the explanation says; baton doctor, on both hosts, says more"),
  /// This host's certificate will soon be refused by the others.
  CERTIFICATE_ENDS(
      "make a new one (baton init --renew), put it in place, and systemctl reload baton-agent"
          + " baton-coordination"),
  /// A standby is away for so long that it will soon have to be copied anew.
  KEPT_LOG_RUNS_OUT(
      "start the standby's agent now, or let it be: its data is copied anew when it comes back");

  private final String remedy;

  Alarm(String remedy) {
    this.remedy = remedy;
  }

  /// What to do, one sentence.
  public String remedy() {
    return remedy;
  }

  /// As it stands in logs and in docs/operations.md: `move-failed`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
