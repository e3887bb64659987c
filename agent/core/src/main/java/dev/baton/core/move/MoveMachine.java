package dev.baton.core.move;

import dev.baton.core.move.MoveCommand.AskSourceToFence;
import dev.baton.core.move.MoveCommand.AskToDrain;
import dev.baton.core.move.MoveCommand.AwaitCaughtUp;
import dev.baton.core.move.MoveCommand.AwaitFlushed;
import dev.baton.core.move.MoveCommand.AwaitFronts;
import dev.baton.core.move.MoveCommand.AwaitLastPosition;
import dev.baton.core.move.MoveCommand.HoldFronts;
import dev.baton.core.move.MoveCommand.OpenDoorAndRelease;
import dev.baton.core.move.MoveCommand.Promote;
import dev.baton.core.move.MoveCommand.RaiseAlarm;
import dev.baton.core.move.MoveCommand.ReportMove;
import dev.baton.core.move.MoveCommand.SettleFates;
import dev.baton.core.move.MoveCommand.StopReceiving;
import dev.baton.core.move.MoveCommand.TellUndone;
import dev.baton.core.move.MoveState.Outcome;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides a move, at its target. A pure function: it is given what happened and the time, and
/// gives the next state and what is to be done. Before the source is known to be fenced, every
/// fault undoes the move and the source serves on; after it the move ends at the target, or stops
/// with a named alarm.
public final class MoveMachine {
  /// The source's last log did not reach the memory, and commits did not wait for it.
  public static final String LAST_POSITION_NOT_CONFIRMED = "last-position-not-confirmed";

  /// The record cannot be written while the source is fenced: nobody serves.
  public static final String COORDINATION_UNREACHABLE = "coordination-unreachable";

  /// The target's instance is slow to take in the log that it has to have before it is promoted.
  public static final String TARGET_BEHIND = "target-behind";

  /// The target could not be opened; its source takes back.
  public static final String MOVE_FAILED = "move-failed";

  private static final double NANOS_PER_MILLI = 1e6;

  private MoveMachine() {}

  public static MoveStep begin(MoveSpec spec, MoveBounds bounds, long nowNanos) {
    boolean planned = spec.kind() == MoveKind.SWITCHOVER;
    MoveState state =
        new MoveState(
            spec,
            bounds,
            planned ? new Stage.Recording() : new Stage.Taking(),
            nowNanos,
            nowNanos,
            planned ? MovePhase.PLAN : MovePhase.FENCE_SOURCE,
            nowNanos,
            List.of());
    List<MoveCommand> commands = new ArrayList<>();
    if (!planned) {
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
          stage instanceof Stage.Recording ? catchUp(state, nowNanos) : stay(state);
      case MoveEvent.CaughtUp e ->
          stage instanceof Stage.CatchingUp ? drain(state, nowNanos) : stay(state);
      case MoveEvent.HostDrained e ->
          stage instanceof Stage.Draining draining
              ? drained(state, draining.waitingFor(), e.host(), nowNanos)
              : stay(state);
      case MoveEvent.SourceFenced e ->
          isBeforeFence(stage) ? fenced(state, e.last(), nowNanos) : stay(state);
      case MoveEvent.SourceRefused e ->
          isBeforeFence(stage)
              ? undo(state, "the source refused: " + e.why(), nowNanos)
              : stay(state);
      case MoveEvent.LastPositionInMemory e ->
          stage instanceof Stage.Confirming confirming
              ? take(
                  state, "the memory has the source's last position " + confirming.last(), nowNanos)
              : stay(state);
      case MoveEvent.TakingRecorded e ->
          stage instanceof Stage.Taking ? stopReceiving(state, e.epoch(), nowNanos) : stay(state);
      case MoveEvent.ReceivingStopped e ->
          stage instanceof Stage.Stopping ? settle(state, e.end(), nowNanos) : stay(state);
      case MoveEvent.FatesSettled e ->
          stage instanceof Stage.Settling settling
              ? flush(state, settling.end(), nowNanos)
              : stay(state);
      case MoveEvent.Flushed e ->
          stage instanceof Stage.Flushing flushing
              ? promote(state, flushing.end(), nowNanos)
              : stay(state);
      case MoveEvent.Promoted e ->
          stage instanceof Stage.Promoting promoting
              ? open(state, promoting.end(), nowNanos)
              : stay(state);
      case MoveEvent.OpenRecorded e ->
          stage instanceof Stage.Opening ? release(state, nowNanos) : stay(state);
      case MoveEvent.FrontsArrived e ->
          stage instanceof Stage.Rerouting ? done(state, e.pending(), nowNanos) : stay(state);
      case MoveEvent.RecordMovedOn e -> movedOn(state, e.what(), nowNanos);
      case MoveEvent.StepFailed e -> stepFailed(state, e.explanation(), nowNanos);
      case MoveEvent.Tick e -> tick(state, nowNanos);
    };
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

  private static MoveStep catchUp(MoveState state, long now) {
    return to(
        state,
        new Stage.CatchingUp(),
        MovePhase.CATCH_UP,
        now,
        "recorded",
        new AwaitCaughtUp(state.bounds().catchUpBytes()));
  }

  private static MoveStep drain(MoveState state, long now) {
    return to(
        state,
        new Stage.Draining(state.spec().fronts()),
        MovePhase.HOLD,
        now,
        "the target has caught up; transactions get %d ms to end"
            .formatted(state.bounds().graceMillis()),
        new AskToDrain(state.bounds().graceMillis()));
  }

  private static MoveStep drained(
      MoveState state, SortedSet<String> waitingFor, String host, long now) {
    SortedSet<String> rest = new TreeSet<>(waitingFor);
    rest.remove(host);
    if (rest.isEmpty()) {
      return fence(state, "no transaction is open", now);
    }
    return new MoveStep(with(state, new Stage.Draining(rest), state.stageNanos()), List.of(), "");
  }

  private static MoveStep fence(MoveState state, String why, long now) {
    return to(state, new Stage.Fencing(), MovePhase.FENCE_SOURCE, now, why, new AskSourceToFence());
  }

  private static MoveStep fenced(MoveState state, @Nullable LogPosition last, long now) {
    String reason = "the source is fenced";
    if (last == null) {
      return take(state, reason + ", its last position unknown", now, hold(reason));
    }
    return to(
        state,
        new Stage.Confirming(last),
        MovePhase.CONFIRM_LAST_POSITION,
        now,
        reason + " at " + last,
        hold(reason),
        new AwaitLastPosition(last));
  }

  private static MoveCommand hold(String reason) {
    return new HoldFronts(reason);
  }

  private static MoveStep take(MoveState state, String why, long now, MoveCommand... commands) {
    return to(state, new Stage.Taking(), MovePhase.CONFIRM_LAST_POSITION, now, why, commands);
  }

  private static MoveStep stopReceiving(MoveState state, long epoch, long now) {
    return to(
        state,
        new Stage.Stopping(),
        MovePhase.CONFIRM_LAST_POSITION,
        now,
        "taking in epoch " + epoch,
        new StopReceiving());
  }

  private static MoveStep settle(MoveState state, LogPosition end, long now) {
    return to(
        state,
        new Stage.Settling(end),
        MovePhase.CONFIRM_LAST_POSITION,
        now,
        "the log ends at " + end,
        new SettleFates(end));
  }

  private static MoveStep flush(MoveState state, LogPosition end, long now) {
    return to(
        state,
        new Stage.Flushing(end),
        MovePhase.CONFIRM_LAST_POSITION,
        now,
        "what became of each transaction is fixed",
        new AwaitFlushed(end));
  }

  private static MoveStep promote(MoveState state, LogPosition end, long now) {
    return to(
        state,
        new Stage.Promoting(end),
        MovePhase.OPEN_TARGET,
        now,
        "the target has flushed " + end,
        new Promote(state.bounds().promoteMillis()));
  }

  private static MoveStep open(MoveState state, LogPosition end, long now) {
    return to(state, new Stage.Opening(end), MovePhase.OPEN_TARGET, now, "the target takes writes");
  }

  private static MoveStep release(MoveState state, long now) {
    return to(
        state,
        new Stage.Rerouting(),
        MovePhase.REPLAY_AND_REROUTE,
        now,
        "open in epoch " + (state.spec().epoch() + 1),
        new OpenDoorAndRelease(),
        new AwaitFronts(state.bounds().frontsMillis()));
  }

  private static MoveStep done(MoveState state, int pending, long now) {
    return end(
        state,
        Outcome.DONE,
        pending == 0
            ? "every session known is restored"
            : pending + " sessions are not yet restored",
        now);
  }

  private static MoveStep undo(MoveState state, String why, long now, MoveCommand... commands) {
    List<MoveCommand> all = new ArrayList<>(List.of(commands));
    all.add(new TellUndone());
    return to(
        state, new Stage.Undoing(why), state.phase(), now, why, all.toArray(MoveCommand[]::new));
  }

  private static MoveStep movedOn(MoveState state, String what, long now) {
    return switch (state.stage()) {
      case Stage.Undoing undoing -> end(state, Outcome.UNDONE, undoing.why(), now);
      case Stage.Rerouting s -> end(state, Outcome.DONE, what, now);
      case Stage.Ended s -> stay(state);
      case Stage.Recording s -> end(state, Outcome.UNDONE, what, now);
      case Stage.CatchingUp s -> end(state, Outcome.UNDONE, what, now, new TellUndone());
      case Stage.Draining s -> end(state, Outcome.UNDONE, what, now, new TellUndone());
      case Stage.Fencing s -> end(state, Outcome.UNDONE, what, now, new TellUndone());
      case Stage.Confirming s -> end(state, Outcome.UNDONE, what, now);
      case Stage.Taking s -> end(state, Outcome.UNDONE, what, now);
      case Stage.Stopping s -> failed(state, what, now);
      case Stage.Settling s -> failed(state, what, now);
      case Stage.Flushing s -> failed(state, what, now);
      case Stage.Promoting s -> failed(state, what, now);
      case Stage.Opening s -> failed(state, what, now);
    };
  }

  private static MoveStep stepFailed(MoveState state, String explanation, long now) {
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

  private static MoveStep tick(MoveState state, long now) {
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
              ? fence(state, "grace is over on " + s.waitingFor() + ": replayed at the target", now)
              : stay(state);
      case Stage.Fencing s ->
          over(state, bounds.fenceMillis(), now)
              ? undo(state, "the source did not say in time that it is fenced", now)
              : stay(state);
      case Stage.Confirming s ->
          over(state, bounds.confirmMillis(), now)
              ? notConfirmed(state, s.last(), "not within the bound", now)
              : stay(state);
      case Stage.Taking s -> alarmEach(state, bounds.recordMillis(), COORDINATION_UNREACHABLE, now);
      case Stage.Stopping s ->
          over(state, bounds.stopReceivingMillis(), now)
              ? failed(state, "receiving did not stop in time", now)
              : stay(state);
      case Stage.Settling s -> stay(state);
      case Stage.Flushing s -> alarmEach(state, bounds.flushMillis(), TARGET_BEHIND, now);
      case Stage.Promoting s ->
          over(state, bounds.promoteMillis(), now)
              ? failed(state, "the target did not take writes in time", now)
              : stay(state);
      case Stage.Opening s ->
          alarmEach(state, bounds.recordMillis(), COORDINATION_UNREACHABLE, now);
      case Stage.Rerouting s ->
          over(state, 2 * bounds.frontsMillis(), now)
              ? end(state, Outcome.DONE, "fronts did not answer in time", now)
              : stay(state);
      case Stage.Undoing s -> stay(state);
      case Stage.Ended s -> stay(state);
    };
  }

  /// Under `replication` nobody was told of a commit that the memory lacks: the move goes on. Else
  /// the source, which is fenced but still home in the record, comes up again by itself.
  private static MoveStep notConfirmed(MoveState state, LogPosition last, String why, long now) {
    String text = "the memory lacks the source's last position " + last + ": " + why;
    if (state.spec().durability() == Durability.REPLICATION) {
      return take(state, text + "; no commit beyond it was acknowledged", now);
    }
    return undo(state, text, now, new RaiseAlarm(LAST_POSITION_NOT_CONFIRMED, text));
  }

  private static MoveStep failed(MoveState state, String why, long now) {
    return end(state, Outcome.FAILED, why, now, new RaiseAlarm(MOVE_FAILED, why));
  }

  private static MoveStep end(
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
    all.add(new ReportMove(report(next, now)));
    return new MoveStep(next, all, outcome + ": " + explanation);
  }

  private static MoveStep alarmEach(MoveState state, long boundMillis, String name, long now) {
    if (!over(state, boundMillis, now)) {
      return stay(state);
    }
    String text = "%s for more than %d ms".formatted(name(state.stage()), boundMillis);
    return new MoveStep(with(state, state.stage(), now), List.of(new RaiseAlarm(name, text)), text);
  }

  private static MoveStep to(
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
      all.add(new ReportMove(report(next, now)));
    }
    return new MoveStep(
        next, all, "%s -> %s: %s".formatted(name(state.stage()), name(stage), reason));
  }

  private static MoveState with(MoveState state, Stage stage, long stageNanos) {
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

  private static MoveStep stay(MoveState state) {
    return new MoveStep(state, List.of(), "");
  }

  private static boolean isBeforeFence(Stage stage) {
    return stage instanceof Stage.Recording
        || stage instanceof Stage.CatchingUp
        || stage instanceof Stage.Draining
        || stage instanceof Stage.Fencing;
  }

  private static boolean over(MoveState state, long boundMillis, long now) {
    return now - state.stageNanos() > boundMillis * 1_000_000;
  }

  private static double millis(long from, long to) {
    return (to - from) / NANOS_PER_MILLI;
  }

  private static String name(Stage stage) {
    return stage.getClass().getSimpleName();
  }
}
