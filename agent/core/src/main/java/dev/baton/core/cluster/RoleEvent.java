package dev.baton.core.cluster;

import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.MoveOrder;
import dev.baton.model.LogPosition;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happened, as the driver of one service on one host tells its role machine. Answers to a
/// command carry the command's ticket; the machine passes over tickets that it no longer waits for.
public sealed interface RoleEvent {
  /// The record as it stands, from the watch, from `ReadRecord`, or after a write. Null when there
  /// is none. Versions older than one already seen are passed over.
  record RecordSeen(@Nullable ServiceRecord record) implements RoleEvent {}

  /// A `Write` has ended, and the record as it is after it was told by `RecordSeen` before this.
  /// When the outcome is unknown, or nothing can be read, it comes as soon as a read succeeded.
  record WriteEnded(long ticket) implements RoleEvent {}

  record ConnectionChanged(Coordination.Connection connection) implements RoleEvent {}

  /// The peers that this agent has a living connection with, told on each change.
  record PeersChanged(Set<String> connected) implements RoleEvent {}

  record Received(String from, PeerMessage message) implements RoleEvent {}

  /// An operator's or a policy's order to this host as target.
  record Ordered(MoveOrder order) implements RoleEvent {}

  /// The local instance goes by itself. Not told for what `KillInstance` did.
  record InstanceGoing(Going.Cause cause, String explanation, long lastSignOfLifeNanos)
      implements RoleEvent {}

  /// After `KillInstance` or `FenceInstance`: no process of the instance lives.
  ///
  /// @param last end of its log; null when it cannot be known
  record InstanceKilled(long ticket, @Nullable LogPosition last) implements RoleEvent {}

  /// @param end of the log on disk; null when there is no data directory
  record InstanceExamined(long ticket, @Nullable LogPosition end) implements RoleEvent {}

  record InstanceSeeded(long ticket, LogPosition from) implements RoleEvent {}

  record RelayFollowed(long ticket) implements RoleEvent {}

  /// @param end of the log that a primary has recovered, or a standby has flushed
  record InstanceStarted(long ticket, LogPosition end) implements RoleEvent {}

  /// @param position what lies before it may not have waited
  record AcknowledgementRequired(long ticket, LogPosition position) implements RoleEvent {}

  record ReceivingStarted(long ticket) implements RoleEvent {}

  /// Where the log of this host's serving instance ends, about once a second.
  record LogAt(LogPosition position) implements RoleEvent {}

  /// The home no longer has the log that this host needs next.
  record LogGone(String explanation) implements RoleEvent {}

  record CaughtUp(long ticket) implements RoleEvent {}

  record InMemory(long ticket) implements RoleEvent {}

  /// @param end of the last complete record; nothing later is ever taken from this stream
  record ReceivingStopped(long ticket, LogPosition end) implements RoleEvent {}

  record Flushed(long ticket) implements RoleEvent {}

  record FatesSettled(long ticket) implements RoleEvent {}

  record Promoted(long ticket) implements RoleEvent {}

  record TransactionsEnded(long ticket) implements RoleEvent {}

  /// @param pending sessions of known fronts that are not restored; 0 when all are
  record FrontsArrived(long ticket, int pending) implements RoleEvent {}

  /// The command of this ticket could not be done.
  record StepFailed(long ticket, String explanation) implements RoleEvent {}

  /// Time passes; comes at least every `tickMillis`.
  record Tick() implements RoleEvent {}
}
