package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Join;
import dev.baton.core.cluster.RoleState.Required;
import dev.baton.core.cluster.RoleState.ResumeStage;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.RoleState.Waits;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.Alarm;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A home comes up: for the first time, after its agent or its database was away, or taking back.
/// Every backend of an earlier life is ended first, since a commit that lies in a dead connection's
/// buffer must not run later; then a new epoch is recorded. Clients are let in when what the
/// instance has recovered is in the memory of every member in sync, or the member is recorded out.
final class ResumingRole {
  private ResumingRole() {}

  static void begin(Turn turn, String why) {
    turn.emit(new RoleCommand.CloseDoor(why));
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.KillInstance(ticket));
    turn.become(new Role.Resuming(new ResumeStage.Killing(ticket), null), why);
  }

  /// A take-over that broke off here is gone on with: what is on disk is all that there was.
  static void takeAgain(Turn turn, LogPosition onDisk) {
    turn.become(
        new Role.Resuming(new ResumeStage.Recording(0), onDisk),
        "the log on disk, up to " + onDisk + ", is all that was taken over");
  }

  static void on(Turn turn, Role.Resuming role, RoleEvent event) {
    switch (role.stage()) {
      case ResumeStage.Killing stage -> {
        if (event instanceof RoleEvent.InstanceKilled e && e.ticket() == stage.ticket()) {
          to(turn, new ResumeStage.Recording(0), "no backend lives");
        } else if (event instanceof RoleEvent.StepFailed e && e.ticket() == stage.ticket()) {
          pause(turn, e.explanation()); // nothing is recorded while a backend may live
        }
      }
      case ResumeStage.Starting stage -> starting(turn, role, stage, event);
      case ResumeStage.Promoting stage -> promoting(turn, stage, event);
      case ResumeStage.Requiring stage -> requiring(turn, stage, event);
      case ResumeStage.AwaitingMembers stage -> awaiting(turn, stage, event);
      case ResumeStage.Recording stage -> {}
      case ResumeStage.Pausing stage -> {}
    }
  }

  private static void starting(
      Turn turn, Role.Resuming role, ResumeStage.Starting stage, RoleEvent event) {
    if (event instanceof RoleEvent.InstanceStarted e && e.ticket() == stage.ticket()) {
      started(turn, role, stage.generation(), e.end());
    } else if (event instanceof RoleEvent.StepFailed e && e.ticket() == stage.ticket()) {
      cannotStart(turn, stage.generation(), e.explanation());
    } else {
      going(turn, stage.generation(), event);
    }
  }

  /// What was a standby when it broke off has to be promoted.
  private static void started(Turn turn, Role.Resuming role, long generation, LogPosition end) {
    if (role.onDisk() == null) {
      require(turn, generation, end, "recovered up to " + end);
      return;
    }
    long ticket = turn.ticket();
    long boundMillis = turn.settings().moveBounds().promoteMillis();
    turn.emit(new RoleCommand.Promote(ticket, boundMillis));
    to(turn, new ResumeStage.Promoting(generation, ticket, end), "replayed up to " + end);
  }

  private static void promoting(Turn turn, ResumeStage.Promoting stage, RoleEvent event) {
    if (event instanceof RoleEvent.Promoted e && e.ticket() == stage.ticket()) {
      require(turn, stage.generation(), stage.end(), "takes writes");
    } else if (event instanceof RoleEvent.StepFailed e && e.ticket() == stage.ticket()) {
      cannotStart(turn, stage.generation(), e.explanation());
    } else {
      going(turn, stage.generation(), event);
    }
  }

  private static void require(Turn turn, long generation, LogPosition end, String why) {
    Required required = Required.by(turn.record());
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.RequireAcknowledgement(ticket, required.held()));
    to(turn, new ResumeStage.Requiring(generation, ticket, end, required), why);
  }

  private static void requiring(Turn turn, ResumeStage.Requiring stage, RoleEvent event) {
    if (event instanceof RoleEvent.AcknowledgementRequired e && e.ticket() == stage.ticket()) {
      LogPosition position = stage.end().max(e.position());
      to(
          turn,
          new ResumeStage.AwaitingMembers(
              stage.generation(), position, stage.required(), Map.of(), turn.now(), 0),
          "members in sync must have " + position);
    } else if (event instanceof RoleEvent.StepFailed e && e.ticket() == stage.ticket()) {
      cannotStart(turn, stage.generation(), e.explanation());
    } else {
      going(turn, stage.generation(), event);
    }
  }

  private static void awaiting(Turn turn, ResumeStage.AwaitingMembers stage, RoleEvent event) {
    if (event instanceof RoleEvent.Received e
        && e.message() instanceof PeerMessage.HasInMemory has
        && has.position().isAtLeast(stage.position())) {
      Map<String, Long> now = new TreeMap<>(stage.has());
      now.put(e.from(), has.memberGeneration());
      to(
          turn,
          new ResumeStage.AwaitingMembers(
              stage.generation(),
              stage.position(),
              stage.required(),
              now,
              stage.sinceNanos(),
              stage.askedNanos()));
    } else {
      going(turn, stage.generation(), event);
    }
  }

  private static void going(Turn turn, long generation, RoleEvent event) {
    if (event instanceof RoleEvent.InstanceGoing e) {
      FencedRole.fence(turn, generation, e.cause(), e.explanation(), e.lastSignOfLifeNanos());
    }
  }

  /// A standby in sync may do better; without one it is tried again.
  private static void cannotStart(Turn turn, long generation, String why) {
    turn.raise(Alarm.HOME_CANNOT_START, why);
    if (turn.record().membersIn(MemberState.IN_SYNC).isEmpty()
        || !turn.settings().automaticFailover()) {
      pause(turn, why);
    } else {
      FencedRole.fence(turn, generation, Going.Cause.DIED, why, turn.now());
    }
  }

  private static void pause(Turn turn, String why) {
    long until = turn.now() + turn.settings().retryMillis() * 1_000_000;
    to(turn, new ResumeStage.Pausing(until, why), why);
  }

  static void settle(Turn turn, Role.Resuming role) {
    switch (role.stage()) {
      case ResumeStage.Killing stage -> {}
      case ResumeStage.Recording stage -> record(turn, role, stage);
      case ResumeStage.Starting stage -> comesUp(turn, stage.generation());
      case ResumeStage.Promoting stage -> comesUp(turn, stage.generation());
      case ResumeStage.Requiring stage -> comesUp(turn, stage.generation());
      case ResumeStage.AwaitingMembers stage -> {
        if (comesUp(turn, stage.generation())) {
          awaitMembers(turn, stage);
        }
      }
      case ResumeStage.Pausing stage -> {
        if (turn.now() >= stage.atNanos()) {
          RoleMachine.enter(turn, "trying again after: " + stage.explanation());
        }
      }
    }
  }

  private static void record(Turn turn, Role.Resuming role, ResumeStage.Recording stage) {
    ServiceRecord record = turn.record();
    if (stage.wantedGeneration() != 0 && isHome(turn, stage.wantedGeneration())) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.AdmitStandbys(record.epoch()));
      turn.emit(new RoleCommand.StartInstance(ticket));
      to(
          turn,
          new ResumeStage.Starting(stage.wantedGeneration(), ticket),
          "epoch %d is ours".formatted(record.epoch()));
    } else if (!turn.isWriting()) {
      LogPosition onDisk = role.onDisk();
      boolean again = onDisk != null && record.mayTakeAgain(turn.host(), onDisk);
      if (!again && !record.mayResume(turn.host())) {
        RoleMachine.enter(turn, "the record has another home or a dead taker");
        return;
      }
      ServiceRecord wanted = again ? record.takenAgain() : record.resumedBy(turn.host());
      if (turn.write(wanted, "recording epoch " + wanted.epoch())) {
        to(turn, new ResumeStage.Recording(wanted.homeGeneration()));
      }
    }
  }

  private static void awaitMembers(Turn turn, ResumeStage.AwaitingMembers stage) {
    ServiceRecord record = turn.record();
    if (record.phase() == Phase.OPEN) {
      if (turn.over(record.lease().stampNanos(), turn.settings().leaseMillis() / 2)) {
        turn.write(record.renewed(turn.now()), "open, but the lease is nearly over: renewing it");
      } else {
        serve(turn, stage);
      }
      return;
    }
    SortedSet<String> pending = pending(record, stage);
    if (pending.isEmpty()) {
      turn.write(
          record.opened(fork(record)).stamped(turn.now()), "every member in sync has it: opening");
      return;
    }
    if (turn.over(stage.sinceNanos(), turn.settings().memberSilentMillis())) {
      turn.write(record.out(pending.first()), pending.first() + " does not get the log: out");
    }
    if (turn.over(stage.askedNanos(), turn.settings().askAgainMillis())
        || stage.askedNanos() == 0) {
      ask(turn, stage, pending);
    }
  }

  private static void ask(Turn turn, ResumeStage.AwaitingMembers stage, SortedSet<String> pending) {
    ServiceRecord record = turn.record();
    for (String host : pending) {
      ServiceRecord.Member member = record.members().get(host);
      if (member != null) {
        turn.send(
            host,
            new PeerMessage.AskInMemory(
                record.epoch(), stage.generation(), member.generation(), stage.position()));
      }
    }
    to(
        turn,
        new ResumeStage.AwaitingMembers(
            stage.generation(),
            stage.position(),
            stage.required(),
            stage.has(),
            stage.sinceNanos(),
            turn.now()));
  }

  private static void serve(Turn turn, ResumeStage.AwaitingMembers stage) {
    ServiceRecord record = turn.record();
    Map<String, Join> joinAt = new TreeMap<>();
    stage
        .required()
        .generations()
        .forEach((host, generation) -> joinAt.put(host, new Join(generation, stage.position())));
    turn.clearAll();
    turn.emit(
        new RoleCommand.HoldLease(
            record.epoch(),
            record.lease().stampNanos() + turn.settings().leaseMillis() * 1_000_000));
    turn.emit(new RoleCommand.OpenDoor(record.epoch()));
    turn.emit(new RoleCommand.Broadcast(new PeerMessage.RecordChanged(record.epoch())));
    turn.become(
        Role.Serving.open(
            record.epoch(),
            stage.generation(),
            new Waits(stage.required(), 0, stage.required(), joinAt),
            Leases.begun(record.lease().stampNanos()),
            null),
        "open in epoch " + record.epoch());
  }

  /// Members in sync that have not said that they have the position. Without `replication` commits
  /// wait for nobody, so there is nothing to wait for here either.
  private static SortedSet<String> pending(
      ServiceRecord record, ResumeStage.AwaitingMembers stage) {
    SortedSet<String> pending = new TreeSet<>();
    if (record.durability() == Durability.REPLICATION) {
      pending.addAll(record.membersIn(MemberState.IN_SYNC));
      stage
          .has()
          .forEach(
              (host, generation) -> {
                if (record.isInSync(host, generation)) {
                  pending.remove(host);
                }
              });
    }
    return pending;
  }

  /// Members that could do better are told that this host lives and is at it.
  private static boolean comesUp(Turn turn, long generation) {
    boolean still = stillHome(turn, generation);
    if (still && turn.tick()) {
      Leases.ask(turn, generation);
    }
    return still;
  }

  private static boolean stillHome(Turn turn, long generation) {
    if (isHome(turn, generation)) {
      return true;
    }
    FencedRole.await(turn, "the record has moved on to " + turn.record().home());
    return false;
  }

  private static boolean isHome(Turn turn, long generation) {
    return turn.record().home().equals(turn.host()) && turn.record().homeGeneration() == generation;
  }

  /// Where the log of a take-over that is gone on with begins.
  private static LogPosition fork(ServiceRecord record) {
    ServiceRecord.RunningMove move = record.move();
    LogPosition end = move == null ? null : move.end();
    return end == null ? record.fork() : end;
  }

  private static void to(Turn turn, ResumeStage stage, String why) {
    turn.become(new Role.Resuming(stage, onDisk(turn)), why);
  }

  /// The same, a stage further.
  private static void to(Turn turn, ResumeStage stage) {
    turn.keep(new Role.Resuming(stage, onDisk(turn)));
  }

  private static @Nullable LogPosition onDisk(Turn turn) {
    return turn.role() instanceof Role.Resuming resuming ? resuming.onDisk() : null;
  }
}
