package dev.baton.core.move;

import static dev.baton.core.move.MoveSteps.end;
import static dev.baton.core.move.MoveSteps.isBeforeFence;
import static dev.baton.core.move.MoveSteps.stay;
import static dev.baton.core.move.MoveSteps.to;
import static dev.baton.core.move.MoveSteps.with;

import dev.baton.core.move.MoveCommand.AskSourceToFence;
import dev.baton.core.move.MoveCommand.AskToDrain;
import dev.baton.core.move.MoveCommand.AwaitCaughtUp;
import dev.baton.core.move.MoveCommand.AwaitFlushed;
import dev.baton.core.move.MoveCommand.AwaitFronts;
import dev.baton.core.move.MoveCommand.AwaitLastPosition;
import dev.baton.core.move.MoveCommand.HoldFronts;
import dev.baton.core.move.MoveCommand.OpenDoorAndRelease;
import dev.baton.core.move.MoveCommand.Promote;
import dev.baton.core.move.MoveCommand.SettleFates;
import dev.baton.core.move.MoveCommand.StopReceiving;
import dev.baton.core.move.MoveState.Outcome;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.model.LogPosition;
import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A move that gets on, stage by stage.
final class Progress {
  private Progress() {}

  static MoveStep recorded(MoveState state, long now) {
    return state.spec().kind() == MoveKind.SWITCHOVER
        ? catchUp(state, now)
        : fence(state, "recorded; the source is asked, or its lease runs out", now);
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

  static MoveStep drain(MoveState state, long now) {
    return to(
        state,
        new Stage.Draining(state.spec().fronts()),
        MovePhase.HOLD,
        now,
        "the target has caught up; transactions get %d ms to end"
            .formatted(state.bounds().graceMillis()),
        new AskToDrain(state.bounds().graceMillis()));
  }

  static MoveStep drained(MoveState state, SortedSet<String> waitingFor, String host, long now) {
    SortedSet<String> rest = new TreeSet<>(waitingFor);
    rest.remove(host);
    if (rest.isEmpty()) {
      return fence(state, "no transaction is open", now);
    }
    return new MoveStep(with(state, new Stage.Draining(rest), state.stageNanos()), List.of(), "");
  }

  static MoveStep fence(MoveState state, String why, long now) {
    return to(state, new Stage.Fencing(), MovePhase.FENCE_SOURCE, now, why, new AskSourceToFence());
  }

  static MoveStep fenced(MoveState state, @Nullable LogPosition last, long now) {
    if (state.stage() instanceof Stage.Taking(boolean silent) && silent) {
      // better than its silence: what is recorded need not be looked at again
      return new MoveStep(
          with(state, new Stage.Taking(false), state.stageNanos()),
          List.of(),
          "the source is fenced");
    }
    if (!isBeforeFence(state.stage())) {
      return stay(state);
    }
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

  /// Under `replication` the memory has all that was acknowledged, wherever the source's log ends.
  static MoveStep silent(MoveState state, long now) {
    String reason = "the source was silent until its lease ended";
    return to(
        state, new Stage.Taking(true), MovePhase.CONFIRM_LAST_POSITION, now, reason, hold(reason));
  }

  static MoveStep confirmed(MoveState state, LogPosition last, long now) {
    return take(state, "the memory has the source's last position " + last, now);
  }

  private static MoveCommand hold(String reason) {
    return new HoldFronts(reason);
  }

  static MoveStep take(MoveState state, String why, long now, MoveCommand... commands) {
    return to(state, new Stage.Taking(false), MovePhase.CONFIRM_LAST_POSITION, now, why, commands);
  }

  static MoveStep stopReceiving(MoveState state, long epoch, long now) {
    return to(
        state,
        new Stage.Stopping(),
        MovePhase.CONFIRM_LAST_POSITION,
        now,
        "taking in epoch " + epoch,
        new StopReceiving());
  }

  static MoveStep settle(MoveState state, LogPosition end, long now) {
    return to(
        state,
        new Stage.Settling(end),
        MovePhase.CONFIRM_LAST_POSITION,
        now,
        "the log ends at " + end,
        new SettleFates(end));
  }

  static MoveStep flush(MoveState state, LogPosition end, long now) {
    return to(
        state,
        new Stage.Flushing(end),
        MovePhase.CONFIRM_LAST_POSITION,
        now,
        "what became of each transaction is fixed",
        new AwaitFlushed(end));
  }

  static MoveStep promote(MoveState state, LogPosition end, long now) {
    return to(
        state,
        new Stage.Promoting(end),
        MovePhase.OPEN_TARGET,
        now,
        "the target has flushed " + end,
        new Promote(state.bounds().promoteMillis()));
  }

  static MoveStep open(MoveState state, LogPosition end, long now) {
    return to(state, new Stage.Opening(end), MovePhase.OPEN_TARGET, now, "the target takes writes");
  }

  static MoveStep release(MoveState state, long now) {
    return to(
        state,
        new Stage.Rerouting(),
        MovePhase.REPLAY_AND_REROUTE,
        now,
        "open in epoch " + (state.spec().epoch() + 1),
        new OpenDoorAndRelease(),
        new AwaitFronts(state.bounds().frontsMillis()));
  }

  static MoveStep done(MoveState state, int pending, long now) {
    return end(
        state,
        Outcome.DONE,
        pending == 0
            ? "every session known is restored"
            : pending + " sessions are not yet restored",
        now);
  }
}
