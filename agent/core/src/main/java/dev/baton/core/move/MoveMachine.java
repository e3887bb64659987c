package dev.baton.core.move;

import static dev.baton.core.move.MoveSteps.isBeforeFence;
import static dev.baton.core.move.MoveSteps.millis;
import static dev.baton.core.move.MoveSteps.stay;

import dev.baton.core.move.MoveCommand.HoldFronts;
import dev.baton.core.move.MoveCommand.ReportMove;
import dev.baton.core.move.MoveSpec.Ground;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.ArrayList;
import java.util.List;

/// Decides a move, at its target. A pure function: it is given what happened and the time, and
/// gives the next state and what is to be done. Before the source is known to be fenced, every
/// fault undoes the move and the source serves on; after it the move ends at the target, or stops
/// with a named alarm.
public final class MoveMachine {
  private MoveMachine() {}

  public static MoveStep begin(MoveSpec spec, MoveBounds bounds, long nowNanos) {
    boolean ordered = spec.ground() == Ground.ORDER;
    MoveState state =
        new MoveState(
            spec,
            bounds,
            ordered ? new Stage.Recording() : new Stage.Taking(spec.ground() == Ground.SILENT),
            nowNanos,
            nowNanos,
            ordered ? MovePhase.PLAN : MovePhase.FENCE_SOURCE,
            nowNanos,
            List.of());
    List<MoveCommand> commands = new ArrayList<>();
    if (!ordered) {
      commands.add(new HoldFronts(spec.reason().explanation()));
    }
    commands.add(new ReportMove(report(state, nowNanos)));
    return new MoveStep(
        state,
        commands,
        "%s %s -> %s: %s"
            .formatted(spec.kind(), spec.source(), spec.target(), spec.reason().explanation()));
  }

  public static MoveStep step(MoveState state, MoveEvent event, long nowNanos) {
    Stage stage = state.stage();
    return switch (event) {
      case MoveEvent.MoveRecorded e ->
          stage instanceof Stage.Recording ? Progress.recorded(state, nowNanos) : stay(state);
      case MoveEvent.CaughtUp e ->
          stage instanceof Stage.CatchingUp ? Progress.drain(state, nowNanos) : stay(state);
      case MoveEvent.HostDrained e ->
          stage instanceof Stage.Draining draining
              ? Progress.drained(state, draining.waitingFor(), e.host(), nowNanos)
              : stay(state);
      case MoveEvent.SourceFenced e -> Progress.fenced(state, e.last(), nowNanos);
      case MoveEvent.SourceSilent e ->
          isBeforeFence(stage) ? Progress.silent(state, nowNanos) : stay(state);
      case MoveEvent.SourceRenewed e ->
          stage instanceof Stage.Taking(boolean silent) && silent
              ? Setbacks.renewed(state, nowNanos)
              : stay(state);
      case MoveEvent.SourceRefused e ->
          isBeforeFence(stage)
              ? Setbacks.undo(state, "the source refused: " + e.why(), nowNanos)
              : stay(state);
      case MoveEvent.LastPositionInMemory e ->
          stage instanceof Stage.Confirming confirming
              ? Progress.confirmed(state, confirming.last(), nowNanos)
              : stay(state);
      case MoveEvent.TakingRecorded e ->
          stage instanceof Stage.Taking
              ? Progress.stopReceiving(state, e.epoch(), nowNanos)
              : stay(state);
      case MoveEvent.ReceivingStopped e ->
          stage instanceof Stage.Stopping ? Progress.settle(state, e.end(), nowNanos) : stay(state);
      case MoveEvent.FatesSettled e ->
          stage instanceof Stage.Settling settling
              ? Progress.flush(state, settling.end(), nowNanos)
              : stay(state);
      case MoveEvent.Flushed e ->
          stage instanceof Stage.Flushing flushing
              ? Progress.promote(state, flushing.end(), nowNanos)
              : stay(state);
      case MoveEvent.Promoted e ->
          stage instanceof Stage.Promoting promoting
              ? Progress.open(state, promoting.end(), nowNanos)
              : stay(state);
      case MoveEvent.OpenRecorded e ->
          stage instanceof Stage.Opening ? Progress.release(state, nowNanos) : stay(state);
      case MoveEvent.FrontsArrived e ->
          stage instanceof Stage.Rerouting
              ? Progress.done(state, e.pending(), nowNanos)
              : stay(state);
      case MoveEvent.RecordMovedOn e -> Setbacks.movedOn(state, e.what(), nowNanos);
      case MoveEvent.StepFailed e -> Setbacks.stepFailed(state, e.explanation(), nowNanos);
      case MoveEvent.Tick e -> Setbacks.tick(state, nowNanos);
    };
  }

  /// The report of a move that is done, when its source is in sync again: with the time that this
  /// took as its last phase.
  public static MoveReport rejoined(MoveState ended, long nowNanos) {
    MoveReport report = report(ended, ended.stageNanos());
    List<PhaseView> phases = new ArrayList<>(report.phases());
    phases.add(new PhaseView(MovePhase.REJOIN, millis(ended.stageNanos(), nowNanos)));
    return new MoveReport(
        report.id(),
        report.kind(),
        report.reason(),
        report.source(),
        report.target(),
        report.epoch(),
        report.outcome(),
        report.explanation() + "; " + report.source() + " is in sync again",
        report.detectMillis(),
        millis(ended.startedNanos(), nowNanos),
        phases);
  }

  /// The move as it is told now.
  public static MoveReport report(MoveState state, long nowNanos) {
    MoveSpec spec = state.spec();
    List<PhaseView> phases = new ArrayList<>(state.phases());
    String outcome = "running";
    String explanation = "";
    if (state.stage() instanceof Stage.Ended ended) {
      outcome = ended.outcome().name().toLowerCase(java.util.Locale.ROOT);
      explanation = ended.explanation();
    } else {
      phases.add(new PhaseView(state.phase(), millis(state.phaseNanos(), nowNanos)));
    }
    return new MoveReport(
        spec.id(),
        spec.kind(),
        spec.reason(),
        spec.source(),
        spec.target(),
        spec.epoch() + 1,
        outcome,
        explanation,
        spec.detectMillis(),
        millis(state.startedNanos(), nowNanos),
        phases);
  }
}
