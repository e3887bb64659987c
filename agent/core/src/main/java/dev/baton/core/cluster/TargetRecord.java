package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.Member;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.cluster.ServiceRecord.RunningMove;
import dev.baton.core.move.MoveEvent;
import dev.baton.core.move.MoveSpec;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.model.LogPosition;
import org.jspecify.annotations.Nullable;

/// Compares each stage of a move with the record, at the target: writes what has to stand there,
/// and ends a move that the record no longer lets go on.
final class TargetRecord {
  private TargetRecord() {}

  static void settle(Turn turn, Role.Moving role) {
    if (isSilent(turn, role)) {
      TargetRole.step(turn, role, new MoveEvent.SourceSilent());
      return;
    }
    switch (role.move().stage()) {
      case Stage.Recording s -> recordMove(turn, role);
      case Stage.CatchingUp s -> stillOurs(turn, role);
      case Stage.Draining s -> {
        if (stillOurs(turn, role) && isAskDue(turn, role)) {
          TargetCommands.askToDrain(turn, role);
        }
      }
      case Stage.Fencing s -> {
        if (stillOurs(turn, role) && isAskDue(turn, role)) {
          TargetCommands.askToFence(turn, role);
        }
      }
      case Stage.Confirming s -> stillOurs(turn, role);
      case Stage.Taking s -> recordTaking(turn, role, s);
      case Stage.Stopping s -> stillTaking(turn, role);
      case Stage.Settling s -> recordEnd(turn, role, s.end());
      case Stage.Flushing s -> recordEnd(turn, role, s.end());
      case Stage.Promoting s -> recordEnd(turn, role, s.end());
      case Stage.Opening s -> recordOpen(turn, role, s);
      case Stage.Undoing s -> recordUndone(turn, role);
      case Stage.Rerouting s -> {}
      case Stage.Ended s -> {}
    }
  }

  /// The lease of a source that was to be asked first has run out.
  private static boolean isSilent(Turn turn, Role.Moving role) {
    Stage stage = role.move().stage();
    boolean asking =
        stage instanceof Stage.Recording
            || stage instanceof Stage.CatchingUp
            || stage instanceof Stage.Draining
            || stage instanceof Stage.Fencing;
    return asking && mayTake(turn, role) && turn.isConnected() && Leases.isOver(turn);
  }

  private static void recordMove(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    if (isOurs(role, record.move())) {
      TargetRole.step(turn, role, new MoveEvent.MoveRecorded());
    } else if (!mayTake(turn, role) || record.move() != null || isNumberTaken(role, record)) {
      TargetRole.step(turn, role, new MoveEvent.RecordMovedOn("the record has changed: " + record));
    } else {
      turn.write(record.withMove(running(role)), "recording move " + role.move().spec().id());
    }
  }

  private static boolean stillOurs(Turn turn, Role.Moving role) {
    if (mayTake(turn, role) && isOurs(role, turn.record().move())) {
      return true;
    }
    TargetRole.step(turn, role, new MoveEvent.RecordMovedOn("the record no longer has this move"));
    return false;
  }

  private static void recordTaking(Turn turn, Role.Moving role, Stage.Taking stage) {
    ServiceRecord record = turn.record();
    if (role.takingGeneration() != 0 && isTaker(turn, role)) {
      turn.emit(new RoleCommand.Broadcast(new PeerMessage.RecordChanged(record.epoch())));
      TargetRole.step(turn, role, new MoveEvent.TakingRecorded(record.epoch()));
    } else if (!mayTake(turn, role)
        || (isNumberTaken(role, record) && !isOurs(role, record.move()))) {
      TargetRole.step(
          turn, role, new MoveEvent.RecordMovedOn("the record no longer lets us take over"));
    } else if (stage.silent() && !Leases.isOver(turn)) {
      if (!turn.isWriting()) {
        TargetRole.step(turn, role, new MoveEvent.SourceRenewed());
      }
    } else {
      ServiceRecord wanted = record.takenBy(running(role));
      if (turn.write(wanted, "recording taking in epoch " + wanted.epoch())) {
        turn.keep(
            new Role.Moving(
                role.epoch(),
                role.generation(),
                role.forced(),
                wanted.homeGeneration(),
                role.ticket(),
                role.toldNanos(),
                role.move()));
      }
    }
  }

  private static boolean stillTaking(Turn turn, Role.Moving role) {
    if (isTaker(turn, role)) {
      return true;
    }
    TargetRole.step(
        turn,
        role,
        new MoveEvent.RecordMovedOn(turn.record().home() + " has taken it in a later epoch"));
    return false;
  }

  /// Meanwhile, so that a taker that dies now can go on with what is on its disk.
  private static void recordEnd(Turn turn, Role.Moving role, LogPosition end) {
    RunningMove move = turn.record().move();
    if (stillTaking(turn, role) && move != null && move.end() == null) {
      turn.write(turn.record().takenUpTo(end), "recording that the log taken over ends at " + end);
    }
  }

  private static void recordOpen(Turn turn, Role.Moving role, Stage.Opening stage) {
    if (!stillTaking(turn, role)) {
      return;
    }
    ServiceRecord record = turn.record();
    if (record.phase() == Phase.OPEN) {
      TargetRole.step(turn, role, new MoveEvent.OpenRecorded());
    } else {
      turn.write(
          record.opened(stage.end()).stamped(turn.now()), "recording open on " + stage.end());
    }
  }

  private static void recordUndone(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    if (record.epoch() == role.move().spec().epoch() && isOurs(role, record.move())) {
      turn.write(record.withoutMove(), "recording that the move is undone");
    } else if (!turn.isWriting()) {
      TargetRole.step(turn, role, new MoveEvent.RecordMovedOn("undone"));
    }
  }

  /// Only a recorded generation may take over, and only from the epoch and the life of the home
  /// that the move is about.
  private static boolean mayTake(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    MoveSpec spec = role.move().spec();
    Member member = record.members().get(turn.host());
    return record.epoch() == spec.epoch()
        && record.home().equals(spec.source())
        && record.homeGeneration() == spec.sourceGeneration()
        && member != null
        && member.generation() == role.generation()
        && (member.state() == MemberState.IN_SYNC
            || (role.forced() && member.state() == MemberState.JOINING));
  }

  private static boolean isTaker(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    return record.home().equals(turn.host()) && record.homeGeneration() == role.takingGeneration();
  }

  private static boolean isOurs(Role.Moving role, @Nullable RunningMove move) {
    MoveSpec spec = role.move().spec();
    return move != null && move.id() == spec.id() && move.target().equals(spec.target());
  }

  private static boolean isNumberTaken(Role.Moving role, ServiceRecord record) {
    return record.lastMoveId() >= role.move().spec().id();
  }

  private static boolean isAskDue(Turn turn, Role.Moving role) {
    return turn.over(role.toldNanos(), turn.settings().askAgainMillis());
  }

  private static RunningMove running(Role.Moving role) {
    MoveSpec spec = role.move().spec();
    return new RunningMove(
        spec.id(),
        spec.kind(),
        spec.source(),
        spec.sourceGeneration(),
        spec.target(),
        spec.reason().explanation(),
        spec.reason().actor(),
        null);
  }
}
