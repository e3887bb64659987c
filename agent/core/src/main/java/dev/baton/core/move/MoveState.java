package dev.baton.core.move;

import dev.baton.model.LogPosition;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.List;
import java.util.SortedSet;

/// Where a move is.
///
/// @param startedNanos when it was decided
/// @param stageNanos when the stage began
/// @param phaseNanos when the phase began
/// @param phases that have ended, in order
public record MoveState(
    MoveSpec spec,
    MoveBounds bounds,
    Stage stage,
    long startedNanos,
    long stageNanos,
    MovePhase phase,
    long phaseNanos,
    List<PhaseView> phases) {

  public MoveState {
    phases = List.copyOf(phases);
  }

  public boolean ended() {
    return stage instanceof Stage.Ended;
  }

  /// What the record has to say in a stage is written by the role machine, again and again, until
  /// it stands there or the record rules it out.
  public sealed interface Stage {
    /// To be recorded: this move runs. The source serves.
    record Recording() implements Stage {}

    record CatchingUp() implements Stage {}

    /// @param waitingFor hosts whose fronts have open transactions
    record Draining(SortedSet<String> waitingFor) implements Stage {}

    /// The source was asked; it may serve, or may have stopped.
    record Fencing() implements Stage {}

    /// The source has stopped; its last position is awaited in the memory.
    record Confirming(LogPosition last) implements Stage {}

    /// To be recorded: the target takes, in the next epoch. From then on the move does not turn
    /// back.
    ///
    /// @param silent nobody has said that the source is fenced: its lease has run out, and must not
    ///   have been renewed
    record Taking(boolean silent) implements Stage {}

    record Stopping() implements Stage {}

    record Settling(LogPosition end) implements Stage {}

    record Flushing(LogPosition end) implements Stage {}

    record Promoting(LogPosition end) implements Stage {}

    /// To be recorded: open, on the log up to `end`.
    record Opening(LogPosition end) implements Stage {}

    /// The target serves; fronts arrive.
    record Rerouting() implements Stage {}

    /// To be recorded: no move runs. The source serves, or comes up again itself.
    record Undoing(String why) implements Stage {}

    record Ended(Outcome outcome, String explanation) implements Stage {}
  }

  public enum Outcome {
    DONE,
    /// The source serves on.
    UNDONE,
    /// After the fence, with a named alarm: the source takes back in a further epoch, or waits for
    /// an operator.
    FAILED
  }
}
