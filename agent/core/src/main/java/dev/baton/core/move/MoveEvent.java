package dev.baton.core.move;

import dev.baton.model.LogPosition;
import org.jspecify.annotations.Nullable;

/// What happened to a move. The role machine has refused what is stale before it comes here.
public sealed interface MoveEvent {
  /// The record says that this move runs.
  record MoveRecorded() implements MoveEvent {}

  record CaughtUp() implements MoveEvent {}

  /// No client of the fronts at `host` is in a transaction.
  record HostDrained(String host) implements MoveEvent {}

  /// @param last end of the source's log; null when unknown
  record SourceFenced(@Nullable LogPosition last) implements MoveEvent {}

  /// The source's lease has run out: wherever it is, its door is closed.
  record SourceSilent() implements MoveEvent {}

  /// The source has renewed its lease: it was not gone.
  record SourceRenewed() implements MoveEvent {}

  record SourceRefused(String why) implements MoveEvent {}

  record LastPositionInMemory() implements MoveEvent {}

  /// The record says that the target takes, in `epoch`.
  record TakingRecorded(long epoch) implements MoveEvent {}

  record ReceivingStopped(LogPosition end) implements MoveEvent {}

  record Flushed() implements MoveEvent {}

  record FatesSettled() implements MoveEvent {}

  record Promoted() implements MoveEvent {}

  record OpenRecorded() implements MoveEvent {}

  record FrontsArrived(int pending) implements MoveEvent {}

  /// The record no longer lets this move go on.
  record RecordMovedOn(String what) implements MoveEvent {}

  record StepFailed(String explanation) implements MoveEvent {}

  record Tick() implements MoveEvent {}
}
