package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Hint;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.route.RouteState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what one agent does for one service. A pure function of what it knows, what happened and
/// the time; it is run by one thread. An event is first taken in, then given to the role, and then
/// every role is compared with the record until nothing more follows: what has to be done is found
/// from what is, not from which message came, so that lost, repeated and reordered messages and
/// restarts lead to the same end.
public final class RoleMachine {
  /// More changes of role than this in one step would be a cycle.
  private static final int MAX_CHANGES = 16;

  private RoleMachine() {}

  /// An agent has started: it knows nothing, and its memory is empty.
  public static RoleStep start(RoleSettings settings) {
    RoleState state =
        new RoleState(
            settings,
            null,
            Coordination.Connection.SUSPENDED,
            Set.of(),
            0,
            null,
            new Hint.Nothing(),
            null,
            Map.of(),
            0,
            0,
            new Role.Starting());
    return new RoleStep(state, List.of(new RoleCommand.ReadRecord()), "started");
  }

  /// @param nowNanos never falls
  public static RoleStep step(RoleState state, RoleEvent event, long nowNanos) {
    Turn turn = new Turn(state, event instanceof RoleEvent.Tick, nowNanos);
    if (absorb(turn, event)) {
      give(turn, event);
    }
    settle(turn);
    KeptLog.settle(turn);
    Routes.publish(turn);
    return turn.end();
  }

  /// `Serving`, or with its stage `Resuming.Starting`.
  static String name(Role role) {
    String name = role.getClass().getSimpleName();
    return switch (role) {
      case Role.Resuming r -> name + "." + r.stage().getClass().getSimpleName();
      case Role.Rebuilding r -> name + "." + r.stage().getClass().getSimpleName();
      case Role.Moving r -> name + "." + r.move().stage().getClass().getSimpleName();
      case Role.Starting r -> name;
      case Role.FrontOnly r -> name;
      case Role.Serving r -> name;
      case Role.Fencing r -> name;
      case Role.Fenced r -> name;
      case Role.Waiting r -> name;
      case Role.Joining r -> name;
      case Role.InSync r -> name;
    };
  }

  /// Takes in what every role knows alike.
  ///
  /// @return false when the event is stale or of no concern to the role
  private static boolean absorb(Turn turn, RoleEvent event) {
    return switch (event) {
      case RoleEvent.RecordSeen e -> seen(turn, e.record());
      case RoleEvent.WriteEnded e -> {
        turn.writeEnded(e.ticket());
        yield true;
      }
      case RoleEvent.ConnectionChanged e -> {
        turn.connection(e.connection());
        if (e.connection() == Coordination.Connection.CONNECTED) {
          turn.emit(new RoleCommand.ReadRecord());
        }
        yield true;
      }
      case RoleEvent.PeersChanged e -> {
        turn.peers(e.connected());
        yield true;
      }
      case RoleEvent.Received e -> Peers.accept(turn, e);
      case RoleEvent.TransactionsEnded e -> {
        Peers.transactionsEnded(turn, e.ticket());
        yield true;
      }
      case RoleEvent.Ordered e -> Peers.takeOrder(turn, e.order());
      case RoleEvent.Tick e -> {
        Peers.expire(turn);
        yield true;
      }
      case RoleEvent.InstanceGoing e -> true;
      case RoleEvent.InstanceKilled e -> true;
      case RoleEvent.InstanceExamined e -> true;
      case RoleEvent.InstanceSeeded e -> true;
      case RoleEvent.RelayFollowed e -> true;
      case RoleEvent.InstanceStarted e -> true;
      case RoleEvent.AcknowledgementRequired e -> true;
      case RoleEvent.ReceivingStarted e -> true;
      case RoleEvent.LogGone e -> true;
      case RoleEvent.LogAt e -> true;
      case RoleEvent.CaughtUp e -> true;
      case RoleEvent.InMemory e -> true;
      case RoleEvent.ReceivingStopped e -> true;
      case RoleEvent.Flushed e -> true;
      case RoleEvent.FatesSettled e -> true;
      case RoleEvent.Promoted e -> true;
      case RoleEvent.FrontsArrived e -> true;
      case RoleEvent.StepFailed e -> true;
    };
  }

  private static boolean seen(Turn turn, @Nullable ServiceRecord record) {
    RoleSettings settings = turn.settings();
    if (record == null) {
      if (!turn.hasRecord() && settings.host().equals(settings.firstHome())) {
        turn.write(
            ServiceRecord.first(
                settings.cluster(), settings.service(), settings.host(), settings.durability()),
            "no record yet: making the first");
      }
      return false;
    }
    if (turn.hasRecord() && record.version() <= turn.record().version()) {
      return false;
    }
    turn.see(record);
    Peers.forget(turn);
    return true;
  }

  private static void give(Turn turn, RoleEvent event) {
    switch (turn.role()) {
      case Role.Starting r -> {}
      case Role.FrontOnly r -> {}
      case Role.Resuming r -> ResumingRole.on(turn, r, event);
      case Role.Serving r -> ServingRole.on(turn, r, event);
      case Role.Fencing r -> FencedRole.on(turn, r, event);
      case Role.Fenced r -> {}
      case Role.Waiting r -> FencedRole.on(turn, r, event);
      case Role.Rebuilding r -> RebuildingRole.on(turn, r, event);
      case Role.Joining r -> MemberRole.on(turn, r, event);
      case Role.InSync r -> MemberRole.on(turn, r, event);
      case Role.Moving r -> TargetRole.on(turn, r, event);
    }
  }

  private static void settle(Turn turn) {
    if (!turn.hasRecord()) {
      return;
    }
    for (int changes = 0; changes < MAX_CHANGES; changes++) {
      Role role = turn.role();
      switch (role) {
        case Role.Starting r -> enter(turn, "the record is known");
        case Role.FrontOnly r -> {}
        case Role.Resuming r -> ResumingRole.settle(turn, r);
        case Role.Serving r -> ServingRole.settle(turn, r);
        case Role.Fencing r -> {}
        case Role.Fenced r -> FencedRole.settle(turn, r);
        case Role.Waiting r -> FencedRole.settle(turn, r);
        case Role.Rebuilding r -> RebuildingRole.settle(turn, r);
        case Role.Joining r -> MemberRole.settle(turn, r);
        case Role.InSync r -> MemberRole.settle(turn, r);
        case Role.Moving r -> TargetRecord.settle(turn, r);
      }
      if (turn.role().equals(role)) {
        return;
      }
    }
    throw new IllegalStateException("role does not settle: " + turn.role());
  }

  /// What this agent is according to the record alone.
  static void enter(Turn turn, String why) {
    ServiceRecord record = turn.record();
    String host = turn.host();
    if (!turn.settings().carriesInstance()) {
      turn.become(new Role.FrontOnly(), why);
    } else if (record.home().equals(host) && record.mayResume(host)) {
      ResumingRole.begin(turn, why);
    } else if (!record.home().equals(host) && record.phase() == ServiceRecord.Phase.OPEN) {
      RebuildingRole.begin(turn, false, why);
    } else {
      FencedRole.await(turn, why);
    }
  }

  /// Fronts are told where the work goes.
  static final class Routes {
    private Routes() {}

    static void publish(Turn turn) {
      if (!turn.hasRecord()) {
        return;
      }
      RouteState route = route(turn);
      if (!route.equals(turn.route())) {
        turn.publish(route);
      }
    }

    private static RouteState route(Turn turn) {
      ServiceRecord record = turn.record();
      if (record.phase() == ServiceRecord.Phase.TAKING) {
        return new RouteState.Held(
            Math.max(0, record.epoch() - 1), record.home() + " takes epoch " + record.epoch());
      }
      if (record.home().equals(turn.host()) && !serves(turn)) {
        return new RouteState.Held(record.epoch(), "home " + record.home() + " is not open");
      }
      return switch (turn.hint()) {
        case Hint.Gone gone -> new RouteState.Held(record.epoch(), gone.reason());
        case Hint.Draining draining ->
            new RouteState.Draining(record.epoch(), record.home(), draining.graceMillis());
        case Hint.Nothing nothing ->
            new RouteState.Open(
                record.epoch(),
                record.home(),
                new ArrayList<>(record.membersIn(ServiceRecord.MemberState.IN_SYNC)),
                record.durability());
      };
    }

    private static boolean serves(Turn turn) {
      return turn.role() instanceof Role.Serving serving
          && serving.epoch() == turn.record().epoch();
    }
  }
}
