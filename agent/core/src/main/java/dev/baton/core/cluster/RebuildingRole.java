package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.RebuildStage;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.Member;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.move.Alarm;
import dev.baton.model.LogPosition;

/// Becoming a standby: what is on disk follows the home if the record shows that it is a beginning
/// of the home's log, and is copied anew else. Every process of an earlier life is ended first.
final class RebuildingRole {
  private RebuildingRole() {}

  static void begin(Turn turn, boolean seedNext, String why) {
    turn.clear(Alarm.HOME_GONE);
    turn.clear(Alarm.TAKE_OVER_UNFINISHED);
    turn.emit(new RoleCommand.CloseDoor(why));
    turn.emit(new RoleCommand.StopReceiving(turn.ticket()));
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.KillInstance(ticket));
    turn.become(
        new Role.Rebuilding(
            turn.record().epoch(), new RebuildStage.Killing(ticket), seedNext, turn.now()),
        why);
  }

  static void on(Turn turn, Role.Rebuilding role, RoleEvent event) {
    switch (event) {
      case RoleEvent.StepFailed e when e.ticket() == ticket(role.stage()) ->
          pause(turn, role, e.explanation());
      case RoleEvent.LogGone e -> begin(turn, true, e.explanation());
      case RoleEvent.InstanceGoing e when isStarted(role.stage()) ->
          pause(turn, role, e.explanation());
      default -> advance(turn, role, event);
    }
  }

  private static void advance(Turn turn, Role.Rebuilding role, RoleEvent event) {
    switch (role.stage()) {
      case RebuildStage.Killing s -> {
        if (event instanceof RoleEvent.InstanceKilled e && e.ticket() == s.ticket()) {
          long ticket = turn.ticket();
          turn.emit(new RoleCommand.ExamineInstance(ticket));
          to(turn, role, new RebuildStage.Examining(ticket), "no process lives");
        }
      }
      case RebuildStage.Examining s -> {
        if (event instanceof RoleEvent.InstanceExamined e && e.ticket() == s.ticket()) {
          examined(turn, role, e);
        }
      }
      case RebuildStage.Seeding s -> {
        if (event instanceof RoleEvent.InstanceSeeded e && e.ticket() == s.ticket()) {
          receive(turn, role, e.from(), "copied");
        }
      }
      case RebuildStage.Following s -> {
        if (event instanceof RoleEvent.RelayFollowed e && e.ticket() == s.ticket()) {
          receive(turn, role, s.from(), "set to follow");
        }
      }
      case RebuildStage.Receiving s -> {
        if (event instanceof RoleEvent.ReceivingStarted e && e.ticket() == s.ticket()) {
          long ticket = turn.ticket();
          turn.emit(new RoleCommand.StartInstance(ticket));
          to(turn, role, new RebuildStage.Starting(ticket), "the memory receives");
        }
      }
      case RebuildStage.Starting s -> {
        if (event instanceof RoleEvent.InstanceStarted e && e.ticket() == s.ticket()) {
          long ticket = turn.ticket();
          turn.emit(
              new RoleCommand.AwaitCaughtUp(ticket, turn.settings().moveBounds().catchUpBytes()));
          to(turn, role, new RebuildStage.CatchingUp(ticket), "started at " + e.end());
        }
      }
      case RebuildStage.CatchingUp s -> {
        if (event instanceof RoleEvent.CaughtUp e && e.ticket() == s.ticket()) {
          to(turn, role, new RebuildStage.Recording(0), "near the home");
        }
      }
      case RebuildStage.Discarding s -> {}
      case RebuildStage.Recording s -> {}
      case RebuildStage.Pausing s -> {}
    }
  }

  private static void examined(Turn turn, Role.Rebuilding role, RoleEvent.InstanceExamined event) {
    LogPosition end = event.end();
    if (!role.seedNext() && end != null && turn.record().mayFollow(turn.host(), end)) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.FollowRelay(ticket));
      to(
          turn,
          role,
          new RebuildStage.Following(ticket, end),
          "what is on disk, up to " + end + ", is of the home's log");
    } else {
      String why =
          end == null
              ? "there is no database here"
              : "what is on disk, up to %s, does not follow (fork at %s)"
                  .formatted(end, turn.record().fork());
      to(turn, role, new RebuildStage.Discarding(), why);
    }
  }

  private static void receive(Turn turn, Role.Rebuilding role, LogPosition from, String why) {
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.StartReceiving(ticket, role.homeEpoch(), turn.record().home(), from));
    to(turn, role, new RebuildStage.Receiving(ticket), why + ": receiving from " + from);
  }

  /// What was begun is taken up again after a pause; if it had got as far as following, the copy is
  /// made anew.
  private static void pause(Turn turn, Role.Rebuilding role, String why) {
    long at = turn.now() + turn.settings().retryMillis() * 1_000_000;
    boolean followed = isStarted(role.stage()) || role.stage() instanceof RebuildStage.Following;
    turn.become(
        new Role.Rebuilding(
            role.homeEpoch(),
            new RebuildStage.Pausing(at, why),
            role.seedNext() || followed,
            role.sinceNanos()),
        why);
  }

  static void settle(Turn turn, Role.Rebuilding role) {
    ServiceRecord record = turn.record();
    if (record.home().equals(turn.host()) || record.phase() != Phase.OPEN) {
      RoleMachine.enter(turn, record.home() + " takes epoch " + record.epoch());
      return;
    }
    if (record.epoch() != role.homeEpoch()) {
      begin(turn, role.seedNext(), record.home() + " is home in epoch " + record.epoch());
      return;
    }
    Member member = record.members().get(turn.host());
    if (role.stage() instanceof RebuildStage.Recording s) {
      record(turn, role, s, member);
      return;
    }
    if (member != null && member.state() != MemberState.OUT) {
      turn.write(record.out(turn.host()), "the memory that is recorded is lost: recording it out");
    }
    switch (role.stage()) {
      case RebuildStage.Discarding s -> discard(turn, role, member);
      case RebuildStage.Pausing s -> {
        if (turn.now() >= s.atNanos()) {
          begin(turn, role.seedNext(), "trying again after: " + s.explanation());
        }
      }
      case RebuildStage.Killing s -> {}
      case RebuildStage.Examining s -> {}
      case RebuildStage.Seeding s -> {}
      case RebuildStage.Following s -> {}
      case RebuildStage.Receiving s -> {}
      case RebuildStage.Starting s -> {}
      case RebuildStage.CatchingUp s -> {}
      case RebuildStage.Recording s -> {}
    }
  }

  private static void discard(
      Turn turn, Role.Rebuilding role, @org.jspecify.annotations.Nullable Member member) {
    ServiceRecord record = turn.record();
    if (member != null && member.lineage() != 0) {
      turn.write(record.outWithoutData(turn.host()), "what is on disk will be replaced");
      return;
    }
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.SeedInstance(ticket, record.epoch(), record.home()));
    to(turn, role, new RebuildStage.Seeding(ticket), "copying from " + record.home());
  }

  private static void record(
      Turn turn,
      Role.Rebuilding role,
      RebuildStage.Recording stage,
      @org.jspecify.annotations.Nullable Member member) {
    if (member != null
        && member.state() == MemberState.JOINING
        && member.generation() == stage.wantedGeneration()) {
      turn.become(
          new Role.Joining(role.homeEpoch(), member.generation(), null, 0, false),
          "recorded as generation " + member.generation());
      return;
    }
    ServiceRecord wanted = turn.record().joining(turn.host());
    if (turn.write(wanted, "recording joining")) {
      turn.keep(
          new Role.Rebuilding(
              role.homeEpoch(),
              new RebuildStage.Recording(wanted.lastGeneration()),
              role.seedNext(),
              role.sinceNanos()));
    }
  }

  private static long ticket(RebuildStage stage) {
    return switch (stage) {
      case RebuildStage.Killing s -> s.ticket();
      case RebuildStage.Examining s -> s.ticket();
      case RebuildStage.Seeding s -> s.ticket();
      case RebuildStage.Following s -> s.ticket();
      case RebuildStage.Receiving s -> s.ticket();
      case RebuildStage.Starting s -> s.ticket();
      case RebuildStage.CatchingUp s -> s.ticket();
      case RebuildStage.Discarding s -> -1;
      case RebuildStage.Recording s -> -1;
      case RebuildStage.Pausing s -> -1;
    };
  }

  private static boolean isStarted(RebuildStage stage) {
    return stage instanceof RebuildStage.Starting
        || stage instanceof RebuildStage.CatchingUp
        || stage instanceof RebuildStage.Recording;
  }

  private static void to(Turn turn, Role.Rebuilding role, RebuildStage stage, String why) {
    turn.become(
        new Role.Rebuilding(role.homeEpoch(), stage, role.seedNext(), role.sinceNanos()), why);
  }
}
