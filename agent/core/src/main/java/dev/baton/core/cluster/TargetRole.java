package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Attested;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.cluster.ServiceRecord.RunningMove;
import dev.baton.core.move.Alarm;
import dev.baton.core.move.MoveCommand;
import dev.baton.core.move.MoveEvent;
import dev.baton.core.move.MoveMachine;
import dev.baton.core.move.MoveOrder;
import dev.baton.core.move.MoveReason;
import dev.baton.core.move.MoveSpec;
import dev.baton.core.move.MoveSpec.Ground;
import dev.baton.core.move.MoveState;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.core.move.MoveStep;
import dev.baton.core.move.PlanBinding;
import dev.baton.model.MoveKind;
import java.util.SortedSet;
import java.util.TreeSet;

/// The target of a move: takes on orders and attested ends, and gives the move machine what
/// happened. `TargetCommands` does what it asks for; `TargetRecord` keeps the record as its stage
/// wants it.
final class TargetRole {
  private TargetRole() {}

  /// Takes on an operator's or a policy's order, unless what it was planned on has changed.
  static void order(Turn turn, long epoch, long generation, MoveOrder order) {
    ServiceRecord record = turn.record();
    PlanBinding now = binding(record);
    RunningMove running = record.move();
    String refusal =
        running != null
            ? "move %d to %s runs".formatted(running.id(), running.target())
            : String.join("; ", order.binding().changes(now));
    if (!record.mayResume(record.home())
        || (record.phase() != Phase.OPEN && order.kind() == MoveKind.SWITCHOVER)) {
      refusal = record.home() + " is not open";
    }
    if (!refusal.isEmpty()) {
      turn.emit(new RoleCommand.AnswerOrder(order.id(), 0, refusal));
      turn.say("order %s refused: %s".formatted(order.id(), refusal));
      return;
    }
    SortedSet<String> fronts = new TreeSet<>(order.fronts());
    fronts.add(turn.host());
    MoveSpec spec = spec(turn, order.kind(), order.reason(), fronts, Ground.ORDER, 0);
    turn.emit(new RoleCommand.AnswerOrder(order.id(), spec.id(), "begun"));
    begin(turn, epoch, generation, order.forced(), spec);
  }

  static PlanBinding binding(ServiceRecord record) {
    return new PlanBinding(
        record.epoch(), record.contentVersion(), record.membersIn(MemberState.IN_SYNC));
  }

  /// The home has ended: its own agent says so, or its lease has run out.
  static void failover(Turn turn, Role.InSync role, Attested attested) {
    String home = turn.record().home();
    MoveReason reason =
        attested.cause() == null
            ? MoveReason.silent(home, turn.host())
            : MoveReason.attested(home, attested.cause(), attested.explanation());
    double detectMillis = (turn.now() - attested.lastSignOfLifeNanos()) / 1e6;
    begin(
        turn,
        role.epoch(),
        role.generation(),
        false,
        spec(
            turn,
            MoveKind.FAILOVER,
            reason,
            new TreeSet<>(),
            attested.silent() ? Ground.SILENT : Ground.ATTESTED,
            detectMillis));
  }

  private static MoveSpec spec(
      Turn turn,
      MoveKind kind,
      MoveReason reason,
      SortedSet<String> fronts,
      Ground ground,
      double detectMillis) {
    ServiceRecord record = turn.record();
    return new MoveSpec(
        record.lastMoveId() + 1,
        kind,
        record.home(),
        turn.host(),
        record.epoch(),
        record.homeGeneration(),
        record.durability(),
        reason,
        fronts,
        ground,
        detectMillis);
  }

  private static void begin(Turn turn, long epoch, long generation, boolean forced, MoveSpec spec) {
    MoveStep step = MoveMachine.begin(spec, turn.settings().moveBounds(), turn.now());
    Role.Moving role = new Role.Moving(epoch, generation, forced, 0, 0, 0, step.next());
    turn.become(role, step.reason());
    run(turn, role, new MoveStep(step.next(), step.commands(), ""));
  }

  static void on(Turn turn, Role.Moving role, RoleEvent event) {
    switch (event) {
      case RoleEvent.Tick e -> step(turn, role, new MoveEvent.Tick());
      case RoleEvent.Received e -> received(turn, role, e);
      case RoleEvent.InstanceGoing e -> lost(turn, role, "its own database: " + e.explanation());
      case RoleEvent.LogGone e -> lost(turn, role, e.explanation());
      case RoleEvent.CaughtUp e when e.ticket() == role.ticket() ->
          step(turn, role, new MoveEvent.CaughtUp());
      case RoleEvent.InMemory e when e.ticket() == role.ticket() ->
          step(turn, role, new MoveEvent.LastPositionInMemory());
      case RoleEvent.ReceivingStopped e when e.ticket() == role.ticket() ->
          step(turn, role, new MoveEvent.ReceivingStopped(e.end()));
      case RoleEvent.FatesSettled e when e.ticket() == role.ticket() ->
          step(turn, role, new MoveEvent.FatesSettled());
      case RoleEvent.Flushed e when e.ticket() == role.ticket() ->
          step(turn, role, new MoveEvent.Flushed());
      case RoleEvent.Promoted e when e.ticket() == role.ticket() ->
          step(turn, role, new MoveEvent.Promoted());
      case RoleEvent.StepFailed e when e.ticket() == role.ticket() ->
          step(turn, role, new MoveEvent.StepFailed(e.explanation()));
      default -> {
        // answers to commands of an earlier stage or role
      }
    }
  }

  private static void received(Turn turn, Role.Moving role, RoleEvent.Received event) {
    MoveSpec spec = role.move().spec();
    if (event.message() instanceof PeerMessage.Drained m && m.moveId() == spec.id()) {
      step(turn, role, new MoveEvent.HostDrained(event.from()));
    } else if (event.message() instanceof PeerMessage.Fenced m
        && event.from().equals(spec.source())
        && m.homeGeneration() == spec.sourceGeneration()) {
      step(turn, role, new MoveEvent.SourceFenced(m.last()));
    } else if (event.message() instanceof PeerMessage.Refused m
        && event.from().equals(spec.source())
        && m.moveId() == spec.id()) {
      step(turn, role, new MoveEvent.SourceRefused(m.why()));
    } else if (event.message() instanceof PeerMessage.AskLease ask && letsServe(role.move())) {
      Leases.asked(turn, event.from(), role.generation(), ask);
    }
  }

  /// Until it is to be fenced, the source of a switchover serves on. One that is presumed dead gets
  /// nothing more from the host that is to take over.
  private static boolean letsServe(MoveState move) {
    return move.spec().kind() == MoveKind.SWITCHOVER
        && (move.stage() instanceof Stage.Recording
            || move.stage() instanceof Stage.CatchingUp
            || move.stage() instanceof Stage.Draining
            || move.stage() instanceof Stage.Fencing);
  }

  static void drained(Turn turn, String host, long moveId) {
    if (turn.role() instanceof Role.Moving role && role.move().spec().id() == moveId) {
      step(turn, role, new MoveEvent.HostDrained(host));
    }
  }

  /// This host can no longer become home: its instance or its log is gone. Before the take-over is
  /// recorded the memory counts no more, which ends the move for everyone.
  private static void lost(Turn turn, Role.Moving role, String why) {
    step(turn, role, new MoveEvent.StepFailed(why));
    if (turn.role() instanceof Role.Moving now) {
      step(turn, now, new MoveEvent.RecordMovedOn(why));
    }
    if (!(turn.role() instanceof Role.Waiting)) {
      RebuildingRole.begin(turn, false, why);
    }
  }

  static void step(Turn turn, Role.Moving role, MoveEvent event) {
    MoveStep step = MoveMachine.step(role.move(), event, turn.now());
    if (!step.next().equals(role.move()) || !step.commands().isEmpty()) {
      run(turn, role, step);
    }
  }

  private static void run(Turn turn, Role.Moving role, MoveStep step) {
    boolean sameStage = step.next().stage().getClass() == role.move().stage().getClass();
    turn.say(step.reason());
    turn.keep(
        TargetCommands.with(
            role, step.next(), sameStage ? role.ticket() : 0, sameStage ? role.toldNanos() : 0));
    for (MoveCommand command : step.commands()) {
      TargetCommands.execute(turn, command);
    }
    if (step.next().stage() instanceof Stage.Ended ended && turn.role() instanceof Role.Moving) {
      turn.clear(Alarm.COORDINATION_UNREACHABLE);
      turn.clear(Alarm.TARGET_BEHIND);
      switch (ended.outcome()) {
        case UNDONE ->
            turn.become(Role.InSync.of(role.epoch(), role.generation()), ended.explanation());
        case FAILED -> FencedRole.await(turn, ended.explanation());
        case DONE -> throw new IllegalStateException("a move ends while serving: " + role);
      }
    }
  }
}
