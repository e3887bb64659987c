package dev.baton.core.move;

import dev.baton.core.move.MoveCommand.RaiseAlarm;
import dev.baton.core.move.MoveCommand.ReportMove;
import dev.baton.core.move.MoveState.Outcome;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.ArrayList;
import java.util.List;

/// What all transitions of a move are made of: the next stage with its times, and the reports that
/// go with a change of phase.
final class MoveSteps {
  private static final double NANOS_PER_MILLI = 1e6;

  private MoveSteps() {}

  static MoveStep end(
      MoveState state, Outcome outcome, String explanation, long now, MoveCommand... commands) {
    List<PhaseView> phases = new ArrayList<>(state.phases());
    phases.add(new PhaseView(state.phase(), millis(state.phaseNanos(), now)));
    MoveState next =
        new MoveState(
            state.spec(),
            state.bounds(),
            new Stage.Ended(outcome, explanation),
            state.startedNanos(),
            now,
            state.phase(),
            now,
            phases);
    List<MoveCommand> all = new ArrayList<>(List.of(commands));
    all.add(new ReportMove(MoveMachine.report(next, now)));
    return new MoveStep(next, all, outcome + ": " + explanation);
  }

  static MoveStep alarmEach(MoveState state, long boundMillis, Alarm alarm, long now) {
    if (!over(state, boundMillis, now)) {
      return stay(state);
    }
    String text = "%s for more than %d ms".formatted(name(state.stage()), boundMillis);
    return new MoveStep(
        with(state, state.stage(), now), List.of(new RaiseAlarm(alarm, text)), text);
  }

  static MoveStep to(
      MoveState state,
      Stage stage,
      MovePhase phase,
      long now,
      String reason,
      MoveCommand... commands) {
    boolean samePhase = phase == state.phase();
    List<PhaseView> phases = new ArrayList<>(state.phases());
    if (!samePhase) {
      phases.add(new PhaseView(state.phase(), millis(state.phaseNanos(), now)));
    }
    MoveState next =
        new MoveState(
            state.spec(),
            state.bounds(),
            stage,
            state.startedNanos(),
            now,
            phase,
            samePhase ? state.phaseNanos() : now,
            phases);
    List<MoveCommand> all = new ArrayList<>(List.of(commands));
    if (!samePhase) {
      all.add(new ReportMove(MoveMachine.report(next, now)));
    }
    return new MoveStep(
        next, all, "%s -> %s: %s".formatted(name(state.stage()), name(stage), reason));
  }

  static MoveState with(MoveState state, Stage stage, long stageNanos) {
    return new MoveState(
        state.spec(),
        state.bounds(),
        stage,
        state.startedNanos(),
        stageNanos,
        state.phase(),
        state.phaseNanos(),
        state.phases());
  }

  static MoveStep stay(MoveState state) {
    return new MoveStep(state, List.of(), "");
  }

  /// Whether the source may still serve.
  static boolean isBeforeFence(Stage stage) {
    return stage instanceof Stage.Recording
        || stage instanceof Stage.CatchingUp
        || stage instanceof Stage.Draining
        || stage instanceof Stage.Fencing;
  }

  static boolean over(MoveState state, long boundMillis, long now) {
    return now - state.stageNanos() > boundMillis * 1_000_000;
  }

  static double millis(long from, long to) {
    return (to - from) / NANOS_PER_MILLI;
  }

  static String name(Stage stage) {
    return stage.getClass().getSimpleName();
  }
}
