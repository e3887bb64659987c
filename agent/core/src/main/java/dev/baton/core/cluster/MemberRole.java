package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Attested;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.Member;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.RunningMove;
import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.Alarm;
import dev.baton.model.LogPosition;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// A standby whose memory counts: joining, then in sync. It is a member as long as the record shows
/// its generation; else the memory counts no more and is begun anew.
final class MemberRole {
  private MemberRole() {}

  static void on(Turn turn, Role.Joining role, RoleEvent event) {
    switch (event) {
      case RoleEvent.Received e when e.message() instanceof PeerMessage.JoinAt join ->
          joinAt(turn, role, e.from(), join);
      case RoleEvent.InMemory e when e.ticket() == role.awaiting() && role.awaiting() != 0 ->
          turn.become(
              new Role.Joining(role.epoch(), role.generation(), role.position(), 0, true),
              "the memory has " + role.position());
      case RoleEvent.StepFailed e when e.ticket() == role.awaiting() && role.awaiting() != 0 ->
          RebuildingRole.begin(turn, false, e.explanation());
      case RoleEvent.Received e when e.message() instanceof PeerMessage.AskLease ask ->
          Leases.asked(turn, e.from(), role.generation(), ask);
      case RoleEvent.LogGone e -> RebuildingRole.begin(turn, true, e.explanation());
      case RoleEvent.InstanceGoing e -> RebuildingRole.begin(turn, false, e.explanation());
      case RoleEvent.Ordered e ->
          TargetRole.order(turn, role.epoch(), role.generation(), e.order());
      default -> {
        // answers to commands of an earlier role, and messages to homes
      }
    }
  }

  private static void joinAt(Turn turn, Role.Joining role, String from, PeerMessage.JoinAt join) {
    ServiceRecord record = turn.record();
    boolean fromHome =
        from.equals(record.home()) && join.homeGeneration() == record.homeGeneration();
    if (!fromHome
        || join.memberGeneration() != role.generation()
        || role.position() != null
        || join.epoch() != role.epoch()) {
      return;
    }
    long ticket = turn.ticket();
    turn.emit(new RoleCommand.AwaitInMemory(ticket, join.position()));
    turn.become(
        new Role.Joining(role.epoch(), role.generation(), join.position(), ticket, false),
        "commits wait from " + join.position());
  }

  static void settle(Turn turn, Role.Joining role) {
    Member member = member(turn, role.generation());
    ServiceRecord record = turn.record();
    if (member == null) {
      RoleMachine.enter(turn, "generation %d counts no more".formatted(role.generation()));
    } else if (record.epoch() != role.epoch()) {
      goOn(turn);
      turn.become(
          new Role.Joining(record.epoch(), role.generation(), null, 0, false),
          "the home comes up in epoch " + record.epoch());
    } else if (member.state() == MemberState.IN_SYNC) {
      turn.clearAll();
      turn.become(
          Role.InSync.of(role.epoch(), role.generation()),
          "in sync as generation " + role.generation());
    } else if (role.complete()) {
      turn.write(record.inSync(turn.host()), "recording in sync");
    }
  }

  static void on(Turn turn, Role.InSync role, RoleEvent event) {
    switch (event) {
      case RoleEvent.Received e when e.message() instanceof PeerMessage.AskInMemory ask ->
          asked(turn, role, e.from(), ask);
      case RoleEvent.InMemory e when e.ticket() == role.askTicket() && role.askTicket() != 0 ->
          answer(
              turn,
              new Role.InSync(role.epoch(), role.generation(), role.ask(), 0, role.attested()));
      case RoleEvent.StepFailed e when e.ticket() == role.askTicket() && role.askTicket() != 0 ->
          RebuildingRole.begin(turn, false, e.explanation());
      case RoleEvent.Received e when e.message() instanceof PeerMessage.Fenced fenced ->
          attested(
              turn,
              role,
              e.from(),
              fenced.homeGeneration(),
              fenced.cause(),
              fenced.explanation(),
              fenced.silentMillis());
      // The home's database has gone, and its door is shut: nobody is told anything of what its
      // orphans still do. To wait until the last of them has ended would only hold clients longer.
      case RoleEvent.Received e
          when e.message() instanceof PeerMessage.HomeGoing going && going.cause() != null ->
          attested(
              turn,
              role,
              e.from(),
              going.homeGeneration(),
              going.cause(),
              going.explanation(),
              going.silentMillis());
      case RoleEvent.Received e when e.message() instanceof PeerMessage.AskLease ask ->
          Leases.asked(turn, e.from(), role.generation(), ask);
      case RoleEvent.LogGone e -> RebuildingRole.begin(turn, true, e.explanation());
      case RoleEvent.InstanceGoing e -> RebuildingRole.begin(turn, false, e.explanation());
      case RoleEvent.Ordered e ->
          TargetRole.order(turn, role.epoch(), role.generation(), e.order());
      default -> {
        // answers to commands of an earlier role, and messages to homes
      }
    }
  }

  private static void asked(Turn turn, Role.InSync role, String from, PeerMessage.AskInMemory ask) {
    ServiceRecord record = turn.record();
    if (!from.equals(record.home())
        || ask.homeGeneration() != record.homeGeneration()
        || ask.memberGeneration() != role.generation()
        || ask.epoch() != role.epoch()) {
      return;
    }
    if (!ask.position().equals(role.ask())) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.AwaitInMemory(ticket, ask.position()));
      turn.keep(
          new Role.InSync(
              role.epoch(), role.generation(), ask.position(), ticket, role.attested()));
    } else if (role.askTicket() == 0) {
      answer(turn, role);
    }
  }

  private static void answer(Turn turn, Role.InSync role) {
    LogPosition position = role.ask();
    if (position != null) {
      turn.send(
          turn.record().home(),
          new PeerMessage.HasInMemory(role.epoch(), role.generation(), position));
    }
    turn.keep(role);
  }

  private static void attested(
      Turn turn,
      Role.InSync role,
      String from,
      long homeGeneration,
      Going.@Nullable Cause cause,
      String explanation,
      long silentMillis) {
    ServiceRecord record = turn.record();
    if (!from.equals(record.home()) || homeGeneration != record.homeGeneration()) {
      turn.emit(new RoleCommand.ReadRecord());
      return;
    }
    if (role.attested() == null) {
      turn.keep(
          new Role.InSync(
              role.epoch(),
              role.generation(),
              role.ask(),
              role.askTicket(),
              new Attested(
                  record.epoch(),
                  homeGeneration,
                  cause,
                  explanation,
                  turn.now() - silentMillis * 1_000_000,
                  turn.now(),
                  false)));
    }
  }

  static void settle(Turn turn, Role.InSync role) {
    Attested attested = gone(turn, role);
    Member member = member(turn, role.generation());
    ServiceRecord record = turn.record();
    if (member == null) {
      RoleMachine.enter(turn, "generation %d counts no more".formatted(role.generation()));
    } else if (record.epoch() != role.epoch()) {
      goOn(turn);
      turn.clear(Alarm.LAST_POSITION_NOT_CONFIRMED);
      turn.become(
          Role.InSync.of(record.epoch(), role.generation()),
          "the home comes up in epoch " + record.epoch());
    } else if (attested == null) {
      turn.clear(Alarm.HOME_GONE);
    } else if (!turn.settings().automaticFailover() || !turn.isConnected()) {
      stays(turn, attested);
    } else if (isMyTurn(turn, attested)) {
      turn.clear(Alarm.HOME_GONE);
      TargetRole.failover(turn, role, attested);
    }
  }

  /// The end of the present life of the home; null as long as it may live.
  private static @Nullable Attested gone(Turn turn, Role.InSync role) {
    ServiceRecord record = turn.record();
    Attested attested = role.attested();
    if (attested != null && attested.homeGeneration() == record.homeGeneration()) {
      return attested;
    }
    if (!Leases.isOver(turn)) {
      return null;
    }
    long last = Leases.lastSign(turn);
    RoleSettings settings = turn.settings();
    long overNanos = last + (settings.leaseMillis() + settings.leaseMarginMillis()) * 1_000_000;
    return new Attested(
        record.epoch(), record.homeGeneration(), null, "its lease ended", last, overNanos, true);
  }

  private static void stays(Turn turn, Attested attested) {
    if (turn.over(attested.sinceNanos(), turn.settings().takeOverWaitMillis())) {
      String why =
          turn.isConnected()
              ? "the policy leaves taking over to an operator"
              : "coordination does not answer, without which nothing is taken over";
      turn.raise(
          Alarm.HOME_GONE,
          "%s: %s; %s".formatted(turn.record().home(), attested.explanation(), why));
    }
  }

  /// Of several standbys in sync the target of a running move takes over, then the first by name;
  /// the next only when that one has not. A home that was fenced for a move tells everybody.
  private static boolean isMyTurn(Turn turn, Attested attested) {
    SortedSet<String> inSync = turn.record().membersIn(MemberState.IN_SYNC);
    long waitMillis = 2L * inSync.headSet(turn.host()).size() * turn.settings().askAgainMillis();
    RunningMove move = turn.record().move();
    if (move != null && !move.target().equals(turn.host()) && inSync.contains(move.target())) {
      waitMillis += turn.settings().takeOverWaitMillis() / 2; // before the home comes up again
    }
    return turn.over(attested.sinceNanos(), waitMillis);
  }

  /// The same home came up again: its log goes on where this memory ends.
  private static void goOn(Turn turn) {
    turn.emit(new RoleCommand.ContinueReceiving(turn.record().epoch(), turn.record().home()));
  }

  private static @Nullable Member member(Turn turn, long generation) {
    Member member = turn.record().members().get(turn.host());
    return member != null && member.generation() == generation && member.state() != MemberState.OUT
        ? member
        : null;
  }
}
