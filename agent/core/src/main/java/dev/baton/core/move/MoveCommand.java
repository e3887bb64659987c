package dev.baton.core.move;

import dev.baton.model.LogPosition;

/// What a move needs done. The role machine at the target turns each into its own commands.
public sealed interface MoveCommand {
  /// Write that this move runs.
  record RecordMove() implements MoveCommand {}

  record AwaitCaughtUp(long maxLagBytes) implements MoveCommand {}

  /// Every front holds what would begin a new transaction.
  record AskToDrain(long graceMillis) implements MoveCommand {}

  /// The source closes its door and stops its instance at once.
  record AskSourceToFence() implements MoveCommand {}

  record AwaitLastPosition(LogPosition last) implements MoveCommand {}

  /// Write epoch + 1, taking, with a new generation of the target.
  record RecordTaking() implements MoveCommand {}

  /// Every front passes nothing on.
  record HoldFronts(String reason) implements MoveCommand {}

  record StopReceiving() implements MoveCommand {}

  record AwaitFlushed(LogPosition end) implements MoveCommand {}

  record SettleFates(LogPosition end) implements MoveCommand {}

  record Promote(long boundMillis) implements MoveCommand {}

  /// Write open, on the log up to `end`.
  record RecordOpen(LogPosition end) implements MoveCommand {}

  /// The target's door lets client work through, and fronts go there.
  record OpenDoorAndRelease() implements MoveCommand {}

  record AwaitFronts(long boundMillis) implements MoveCommand {}

  /// Write that no move runs; the source serves on.
  record UndoMove(String why) implements MoveCommand {}

  record ReportMove(MoveReport report) implements MoveCommand {}

  record AlarmFailed(String name, String explanation) implements MoveCommand {}
}
