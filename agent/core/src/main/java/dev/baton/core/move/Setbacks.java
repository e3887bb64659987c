package dev.baton.core.move;

import static dev.baton.core.move.MoveSteps.alarmEach;
import static dev.baton.core.move.MoveSteps.end;
import static dev.baton.core.move.MoveSteps.over;
import static dev.baton.core.move.MoveSteps.stay;
import static dev.baton.core.move.MoveSteps.to;

import dev.baton.core.move.MoveCommand.RaiseAlarm;
import dev.baton.core.move.MoveCommand.TellUndone;
import dev.baton.core.move.MoveSpec.Ground;
import dev.baton.core.move.MoveState.Outcome;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import java.util.ArrayList;
import java.util.List;

/// What a move does when it does not get on: a bound has passed, a step has failed, or the record
/// rules it out.
final class Setbacks {
  private Setbacks() {}

  static MoveStep undo(MoveState state, String why, long now, MoveCommand... commands) {
    List<MoveCommand> all = new ArrayList<>(List.of(commands));
    all.add(new TellUndone());
    return to(
        state, new Stage.Undoing(why), state.phase(), now, why, all.toArray(MoveCommand[]::new));
  }

  static MoveStep movedOn(MoveState state, String what, long now) {
    return switch (state.stage()) {
      case Stage.Undoing undoing -> end(state, Outcome.UNDONE, undoing.why(), now);
      case Stage.Rerouting s -> end(state, Outcome.DONE, what, now);
      case Stage.Ended s -> stay(state);
      case Stage.Recording s -> end(state, Outcome.UNDONE, what, now);
      case Stage.CatchingUp s -> end(state, Outcome.UNDONE, what, now, new TellUndone());
      case Stage.Draining s -> end(state, Outcome.UNDONE, what, now, new TellUndone());
      case Stage.Fencing s -> end(state, Outcome.UNDONE, what, now, new TellUndone());
      case Stage.Confirming s -> end(state, Outcome.UNDONE, what, now);
      case Stage.Taking s -> end(state, Outcome.UNDONE, what, now, new TellUndone());
      case Stage.Stopping s -> failed(state, what, now);
      case Stage.Settling s -> failed(state, what, now);
      case Stage.Flushing s -> failed(state, what, now);
      case Stage.Promoting s -> failed(state, what, now);
      case Stage.Opening s -> failed(state, what, now);
    };
  }

  /// A source that was to be left for its silence lives. An order stands: it is asked now, as it
  /// was to be in the first place.
  static MoveStep renewed(MoveState state, long now) {
    String why = "the source has renewed its lease";
    return state.spec().ground() == Ground.ORDER
        ? to(state, new Stage.Recording(), MovePhase.FENCE_SOURCE, now, why)
        : movedOn(state, why, now);
  }

  static MoveStep stepFailed(MoveState state, String explanation, long now) {
    return switch (state.stage()) {
      case Stage.Recording s -> undo(state, explanation, now);
      case Stage.CatchingUp s -> undo(state, explanation, now);
      case Stage.Draining s -> undo(state, explanation, now);
      case Stage.Fencing s -> undo(state, explanation, now);
      case Stage.Confirming s -> notConfirmed(state, s.last(), explanation, now);
      case Stage.Taking s -> undo(state, explanation, now);
      case Stage.Stopping s -> failed(state, explanation, now);
      case Stage.Settling s -> failed(state, explanation, now);
      case Stage.Flushing s -> failed(state, explanation, now);
      case Stage.Promoting s -> failed(state, explanation, now);
      case Stage.Opening s -> failed(state, explanation, now);
      case Stage.Rerouting s -> end(state, Outcome.DONE, explanation, now);
      case Stage.Undoing s -> stay(state);
      case Stage.Ended s -> stay(state);
    };
  }

  static MoveStep tick(MoveState state, long now) {
    MoveBounds bounds = state.bounds();
    return switch (state.stage()) {
      case Stage.Recording s ->
          over(state, bounds.recordMillis(), now)
              ? undo(state, "the move could not be recorded in time", now)
              : stay(state);
      case Stage.CatchingUp s ->
          over(state, bounds.catchUpMillis(), now)
              ? undo(state, "the target did not catch up in time", now)
              : stay(state);
      case Stage.Draining s ->
          over(state, bounds.graceMillis(), now)
              ? Progress.fence(
                  state, "grace is over on " + s.waitingFor() + ": replayed at the target", now)
              : stay(state);
      case Stage.Fencing s ->
          over(state, fenceMillis(state), now)
              ? undo(state, "the source did not say in time that it is fenced", now)
              : stay(state);
      case Stage.Confirming s ->
          over(state, bounds.confirmMillis(), now)
              ? notConfirmed(state, s.last(), "not within the bound", now)
              : stay(state);
      case Stage.Taking s ->
          alarmEach(state, bounds.recordMillis(), Alarm.COORDINATION_UNREACHABLE, now);
      case Stage.Stopping s ->
          over(state, bounds.stopReceivingMillis(), now)
              ? failed(state, "receiving did not stop in time", now)
              : stay(state);
      case Stage.Settling s -> stay(state);
      case Stage.Flushing s -> alarmEach(state, bounds.flushMillis(), Alarm.TARGET_BEHIND, now);
      case Stage.Promoting s ->
          over(state, bounds.promoteMillis(), now)
              ? failed(state, "the target did not take writes in time", now)
              : stay(state);
      case Stage.Opening s ->
          alarmEach(state, bounds.recordMillis(), Alarm.COORDINATION_UNREACHABLE, now);
      case Stage.Rerouting s ->
          over(state, 2 * bounds.frontsMillis(), now)
              ? end(state, Outcome.DONE, "fronts did not answer in time", now)
              : stay(state);
      case Stage.Undoing s -> stay(state);
      case Stage.Ended s -> stay(state);
    };
  }

  /// Who is presumed dead says nothing: its lease has to run out.
  private static long fenceMillis(MoveState state) {
    return state.spec().kind() == MoveKind.SWITCHOVER
        ? state.bounds().fenceMillis()
        : state.bounds().silenceMillis();
  }

  /// Under `replication` nobody was told of a commit that the memory lacks: the move goes on. Else
  /// the source, which is fenced but still home in the record, comes up again by itself.
  static MoveStep notConfirmed(MoveState state, LogPosition last, String why, long now) {
    String text = "the memory lacks the source's last position " + last + ": " + why;
    if (state.spec().durability() == Durability.REPLICATION) {
      return Progress.take(state, text + "; no commit beyond it was acknowledged", now);
    }
    return undo(state, text, now, new RaiseAlarm(Alarm.LAST_POSITION_NOT_CONFIRMED, text));
  }

  static MoveStep failed(MoveState state, String why, long now) {
    return end(state, Outcome.FAILED, why, now, new RaiseAlarm(Alarm.MOVE_FAILED, why));
  }
}
