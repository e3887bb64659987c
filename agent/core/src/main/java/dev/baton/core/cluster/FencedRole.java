package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.FenceCause;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.RunningMove;
import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.Alarm;
import dev.baton.model.LogPosition;
import org.jspecify.annotations.Nullable;

/// A home that serves no more: its door is closed and its instance stopped, and it says so, since
/// only its own agent can attest that nothing can write. Also a host that waits for the end of a
/// take-over by another.
final class FencedRole {
  private FencedRole() {}

  /// The instance goes, or the right to serve has ended.
  ///
  /// @param cause null: the lease has ended
  static void fence(
      Turn turn,
      long generation,
      Going.@Nullable Cause cause,
      String explanation,
      long lastSignOfLifeNanos) {
    turn.emit(new RoleCommand.CloseDoor(explanation));
    FenceCause why = new FenceCause(0, cause, explanation, lastSignOfLifeNanos);
    turn.emit(new RoleCommand.Broadcast(going(turn, generation, why)));
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.KillInstance(ticket));
    turn.become(new Role.Fencing(turn.record().epoch(), generation, why, ticket), explanation);
  }

  /// A switchover's target asked for it. Streams of standbys live on until they have all log.
  static void fenceForMove(Turn turn, long generation, RunningMove move) {
    long epoch = turn.record().epoch();
    String explanation = "move " + move.id() + " to " + move.target();
    FenceCause why = new FenceCause(move.id(), null, explanation, turn.now());
    turn.emit(new RoleCommand.Broadcast(going(turn, generation, why)));
    turn.emit(new RoleCommand.AdmitStandbys(epoch));
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.FenceInstance(ticket, turn.settings().moveBounds().confirmMillis()));
    turn.become(new Role.Fencing(epoch, generation, why, ticket), explanation);
  }

  /// Stops what runs here and waits until another host is open.
  static void await(Turn turn, String why) {
    turn.emit(new RoleCommand.CloseDoor(why));
    turn.emit(new RoleCommand.StopReceiving(turn.ticket()));
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.KillInstance(ticket));
    turn.become(Role.Waiting.since(turn.now(), ticket), why);
  }

  static void on(Turn turn, Role.Fencing role, RoleEvent event) {
    if (event instanceof RoleEvent.InstanceKilled e && e.ticket() == role.ticket()) {
      turn.emit(new RoleCommand.CloseDoor("the instance is stopped"));
      turn.become(
          new Role.Fenced(role.epoch(), role.generation(), role.cause(), e.last(), turn.now(), 0),
          "no process of the instance lives");
    } else if (event instanceof RoleEvent.StepFailed e && e.ticket() == role.ticket()) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.CloseDoor(e.explanation()));
      turn.emit(new RoleCommand.KillInstance(ticket));
      turn.keep(new Role.Fencing(role.epoch(), role.generation(), role.cause(), ticket));
      turn.say("stopping in order failed, killing: " + e.explanation());
    }
  }

  static void on(Turn turn, Role.Waiting role, RoleEvent event) {
    if (event instanceof RoleEvent.InstanceKilled e && e.ticket() == role.killing()) {
      turn.keep(new Role.Waiting(0, role.sinceNanos(), role.examining(), role.onDisk()));
    } else if (event instanceof RoleEvent.InstanceExamined e && e.ticket() == role.examining()) {
      turn.keep(new Role.Waiting(0, role.sinceNanos(), role.examining(), e.end()));
    } else if (event instanceof RoleEvent.StepFailed e && e.ticket() == role.killing()) {
      turn.say("ending its processes failed: " + e.explanation());
      turn.keep(
          new Role.Waiting(Role.Waiting.AGAIN, role.sinceNanos(), role.examining(), role.onDisk()));
    } else if (event instanceof RoleEvent.StepFailed e && e.ticket() == role.examining()) {
      turn.say("its log could not be looked at: " + e.explanation());
      turn.keep(new Role.Waiting(0, role.sinceNanos(), Role.Waiting.AGAIN, null));
    }
  }

  static void settle(Turn turn, Role.Fenced role) {
    ServiceRecord record = turn.record();
    if (!record.home().equals(turn.host()) || record.homeGeneration() != role.generation()) {
      turn.become(Role.Waiting.since(turn.now(), 0), record.home() + " takes over");
      return;
    }
    String resume = whyResume(turn, role);
    if (!resume.isEmpty()) {
      ResumingRole.begin(turn, resume);
    } else if (role.toldNanos() == 0
        || turn.over(role.toldNanos(), turn.settings().askAgainMillis())) {
      FenceCause cause = role.cause();
      turn.emit(
          new RoleCommand.Broadcast(
              new PeerMessage.Fenced(
                  role.epoch(),
                  role.generation(),
                  cause.moveId(),
                  role.last(),
                  cause.cause(),
                  cause.explanation(),
                  silentMillis(turn, cause))));
      turn.keep(
          new Role.Fenced(
              role.epoch(),
              role.generation(),
              cause,
              role.last(),
              role.sinceNanos(),
              Math.max(1, turn.now())));
    }
  }

  /// Why this host comes up again itself; empty while another is to take over. Recording it ends
  /// this generation, so that a standby that comes late is refused.
  private static String whyResume(Turn turn, Role.Fenced role) {
    ServiceRecord record = turn.record();
    RunningMove move = record.move();
    long moveId = role.cause().moveId();
    if (record.membersIn(MemberState.IN_SYNC).isEmpty()) {
      return "no standby is in sync";
    }
    if (moveId == 0 && !turn.settings().automaticFailover()) {
      return "the policy leaves taking over to an operator";
    }
    if (moveId != 0 && (move == null || move.id() != moveId)) {
      return "move " + moveId + " is undone";
    }
    if (turn.over(role.sinceNanos(), turn.settings().takeOverWaitMillis())) {
      return "no standby took over within %d ms".formatted(turn.settings().takeOverWaitMillis());
    }
    return "";
  }

  static void settle(Turn turn, Role.Waiting role) {
    if (role.killing() == Role.Waiting.AGAIN && turn.tick()) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.KillInstance(ticket));
      turn.keep(new Role.Waiting(ticket, role.sinceNanos(), role.examining(), role.onDisk()));
      return;
    }
    if (role.killing() != 0) {
      return;
    }
    ServiceRecord record = turn.record();
    String host = turn.host();
    ServiceRecord.Member member = record.members().get(host);
    if (member != null && member.state() != MemberState.OUT) {
      // else a home that comes up would wait for a memory that is no more
      turn.write(record.out(host), "the memory that is recorded is lost: recording it out");
    }
    boolean takerDead = record.homeGeneration() == 0;
    if (turn.over(role.sinceNanos(), 2 * turn.settings().takeOverWaitMillis())) {
      turn.raise(
          Alarm.TAKE_OVER_UNFINISHED,
          "epoch %d is not open: %s was to take it, and %s"
              .formatted(
                  record.epoch(),
                  record.home(),
                  takerDead ? "its agent has lost what it had" : "has not come to it"));
    }
    if (record.home().equals(host)) {
      if (record.mayResume(host)) {
        ResumingRole.begin(turn, "home in the record");
      } else if (!takerDead) {
        turn.write(record.takerGone(), "the generation that was taking over is dead");
      } else {
        takeAgain(turn, role);
      }
    } else if (record.phase() == ServiceRecord.Phase.OPEN) {
      RebuildingRole.begin(turn, false, record.home() + " is open");
    } else if (record.mayTakeBack(host)
        && (takerDead || turn.over(role.sinceNanos(), turn.settings().takeBackMillis()))) {
      ResumingRole.begin(turn, "taking back from " + record.home() + ", which never opened");
    }
  }

  /// The source has everything, and takes back if it lives; a taker that has everything on its disk
  /// need not wait for that.
  private static void takeAgain(Turn turn, Role.Waiting role) {
    LogPosition onDisk = role.onDisk();
    boolean again = role.examining() == Role.Waiting.AGAIN && turn.tick();
    if (role.examining() == 0 || again) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.ExamineInstance(ticket));
      turn.keep(new Role.Waiting(0, role.sinceNanos(), ticket, null));
    } else if (onDisk != null && turn.record().mayTakeAgain(turn.host(), onDisk)) {
      ResumingRole.takeAgain(turn, onDisk);
    }
  }

  private static PeerMessage going(Turn turn, long generation, FenceCause why) {
    return new PeerMessage.HomeGoing(
        turn.record().epoch(), generation, why.cause(), why.explanation(), silentMillis(turn, why));
  }

  private static long silentMillis(Turn turn, FenceCause why) {
    return Math.max(0, (turn.now() - why.lastSignOfLifeNanos()) / 1_000_000);
  }
}
