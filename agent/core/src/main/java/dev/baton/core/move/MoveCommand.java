package dev.baton.core.move;

import dev.baton.model.LogPosition;

/// What a move needs done. The role machine at the target turns each into its own commands. What
/// has to stand in the record is not a command: it follows from the stage, so that it is written
/// again until it stands there (see `MoveState.Stage`).
public sealed interface MoveCommand {
  record AwaitCaughtUp(long maxLagBytes) implements MoveCommand {}

  /// Every front holds what would begin a new transaction, and says when none is open.
  record AskToDrain(long graceMillis) implements MoveCommand {}

  /// The source closes its door and stops its instance at once.
  record AskSourceToFence() implements MoveCommand {}

  record AwaitLastPosition(LogPosition last) implements MoveCommand {}

  /// Every front passes nothing on.
  record HoldFronts(String reason) implements MoveCommand {}

  record StopReceiving() implements MoveCommand {}

  record SettleFates(LogPosition end) implements MoveCommand {}

  record AwaitFlushed(LogPosition end) implements MoveCommand {}

  record Promote(long boundMillis) implements MoveCommand {}

  /// The target's door lets client work through, and fronts go there.
  record OpenDoorAndRelease() implements MoveCommand {}

  record AwaitFronts(long boundMillis) implements MoveCommand {}

  /// The move is undone: what fronts held back goes on at the source.
  record TellUndone() implements MoveCommand {}

  record ReportMove(MoveReport report) implements MoveCommand {}

  record RaiseAlarm(Alarm alarm, String explanation) implements MoveCommand {}
}
