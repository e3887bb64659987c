package dev.baton.core.cluster;

import dev.baton.core.move.Alarm;
import dev.baton.core.move.MoveReport;
import dev.baton.core.route.RouteState;
import dev.baton.model.LogPosition;
import java.util.SortedSet;

/// What the driver of one service on one host has to do. Begun in the order given, without waiting
/// for one another's end, except that commands to the instance run one after the other;
/// `KillInstance` and `FenceInstance` overtake and break off what runs there. A command with a
/// ticket is answered by the event named in its comment with the same ticket, or by
/// `RoleEvent.StepFailed`.
public sealed interface RoleCommand {
  // --- the record

  /// Compare-and-set. Answered by `RecordSeen` of what is there afterwards, then `WriteEnded`.
  record Write(long ticket, int expectedVersion, ServiceRecord record) implements RoleCommand {}

  /// Read after a sync and tell `RecordSeen`.
  record ReadRecord() implements RoleCommand {}

  // --- peers

  record Send(String to, PeerMessage message) implements RoleCommand {}

  /// To every peer, not to this host.
  record Broadcast(PeerMessage message) implements RoleCommand {}

  // --- clients

  /// The state of the route that this host's fronts see.
  record Publish(RouteState route) implements RoleCommand {}

  /// The door lets through replication and the agents' own questions of this epoch, no client work.
  record AdmitStandbys(long epoch) implements RoleCommand {}

  /// The door lets through everything of this epoch.
  record OpenDoor(long epoch) implements RoleCommand {}

  /// The door passes client work until `untilNanos` of this host's clock, and cuts what comes
  /// later: an agent that was frozen must not answer before it has looked at the time.
  record HoldLease(long epoch, long untilNanos) implements RoleCommand {}

  /// The door refuses all and ends every stream that it carries. Done before this returns.
  record CloseDoor(String reason) implements RoleCommand {}

  /// `TransactionsEnded` when no session of this host's fronts is in a transaction.
  record AwaitTransactionsEnd(long ticket) implements RoleCommand {}

  /// `FrontsArrived` when every known front has restored its sessions in this epoch, or at the
  /// bound.
  record AwaitFronts(long ticket, long epoch, long boundMillis) implements RoleCommand {}

  // --- the local instance

  /// `InstanceKilled` when none of its processes lives.
  record KillInstance(long ticket) implements RoleCommand {}

  /// Planned: end every client's backend (the door refuses clients, streams of standbys live on),
  /// read the end of the log, wait at most `confirmMillis` until the standbys have it, then stop at
  /// once and close the door. `InstanceKilled` with that end.
  record FenceInstance(long ticket, long confirmMillis) implements RoleCommand {}

  /// `InstanceExamined`, without starting it.
  record ExamineInstance(long ticket) implements RoleCommand {}

  /// Where there is no database yet: creates one. Then starts it as what its data directory says.
  /// `InstanceStarted`.
  record StartInstance(long ticket) implements RoleCommand {}

  /// `AcknowledgementRequired` when every later commit waits for exactly these.
  record RequireAcknowledgement(long ticket, SortedSet<String> members) implements RoleCommand {}

  /// `InstanceSeeded`.
  record SeedInstance(long ticket, long epoch, String home) implements RoleCommand {}

  /// Prepares the stopped instance to follow the local relay. `RelayFollowed`.
  record FollowRelay(long ticket) implements RoleCommand {}

  /// Returns when it takes writes: `Promoted`. The relay's stream stays open until then.
  record Promote(long ticket, long boundMillis) implements RoleCommand {}

  // --- log and memory

  /// Empties the memory and receives from `from`: `ReceivingStarted` when the memory is empty and
  /// the log source works at it.
  record StartReceiving(long ticket, long epoch, String home, LogPosition from)
      implements RoleCommand {}

  /// The home came up again in a new epoch: goes on at the end of the memory, which is kept.
  record ContinueReceiving(long epoch, String home) implements RoleCommand {}

  /// `ReceivingStopped`.
  record StopReceiving(long ticket) implements RoleCommand {}

  /// `CaughtUp` when the memory is at most so far behind the home.
  record AwaitCaughtUp(long ticket, long maxLagBytes) implements RoleCommand {}

  /// `InMemory` when the memory has the log up to `position`.
  record AwaitInMemory(long ticket, LogPosition position) implements RoleCommand {}

  /// `Flushed` when the local instance has the log up to `position`.
  record AwaitFlushed(long ticket, LogPosition position) implements RoleCommand {}

  /// Fixes what became of the transactions of `endedEpoch`, from the log up to `end`.
  /// `FatesSettled`. No front is told a fate before the record says open.
  record SettleFates(long ticket, long endedEpoch, LogPosition end) implements RoleCommand {}

  // --- people

  /// An order was taken on as move `moveId`, or is refused (`moveId` 0).
  record AnswerOrder(String orderId, long moveId, String explanation) implements RoleCommand {}

  /// A move began, changed phase, or ended.
  record Report(MoveReport report) implements RoleCommand {}

  /// Raised until it is cleared.
  record RaiseAlarm(Alarm alarm, String explanation) implements RoleCommand {}

  /// Does nothing when it does not stand.
  record ClearAlarm(Alarm alarm) implements RoleCommand {}
}
