package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Attested;
import dev.baton.core.cluster.RoleState.Hint;
import dev.baton.core.cluster.RoleState.Required;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.RoleState.Waits;
import dev.baton.core.cluster.ServiceRecord.Member;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.cluster.ServiceRecord.RunningMove;
import dev.baton.core.move.MoveCommand;
import dev.baton.core.move.MoveEvent;
import dev.baton.core.move.MoveMachine;
import dev.baton.core.move.MoveOrder;
import dev.baton.core.move.MoveReason;
import dev.baton.core.move.MoveSpec;
import dev.baton.core.move.MoveState;
import dev.baton.core.move.MoveState.Stage;
import dev.baton.core.move.MoveStep;
import dev.baton.core.move.PlanBinding;
import dev.baton.model.MoveKind;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// The target of a move: gives the move machine what happened, does what it asks for, and keeps the
/// record as its stage wants it.
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
    if (record.phase() != Phase.OPEN) {
      refusal = record.home() + " is not open";
    }
    if (!refusal.isEmpty()) {
      turn.emit(new RoleCommand.AnswerOrder(order.id(), 0, refusal));
      turn.say("order %s refused: %s".formatted(order.id(), refusal));
      return;
    }
    SortedSet<String> fronts = new TreeSet<>(order.fronts());
    fronts.add(turn.host());
    MoveSpec spec = spec(turn, order.kind(), order.reason(), fronts, 0);
    turn.emit(new RoleCommand.AnswerOrder(order.id(), spec.id(), "begun"));
    begin(turn, epoch, generation, order.forced(), spec);
  }

  static PlanBinding binding(ServiceRecord record) {
    return new PlanBinding(record.epoch(), record.version(), record.membersIn(MemberState.IN_SYNC));
  }

  /// The home's end was attested.
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
        spec(turn, MoveKind.FAILOVER, reason, new TreeSet<>(), detectMillis));
  }

  private static MoveSpec spec(
      Turn turn, MoveKind kind, MoveReason reason, SortedSet<String> fronts, double detectMillis) {
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
    }
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

  private static void step(Turn turn, Role.Moving role, MoveEvent event) {
    MoveStep step = MoveMachine.step(role.move(), event, turn.now());
    if (!step.next().equals(role.move()) || !step.commands().isEmpty()) {
      run(turn, role, step);
    }
  }

  private static void run(Turn turn, Role.Moving role, MoveStep step) {
    boolean sameStage = step.next().stage().getClass() == role.move().stage().getClass();
    turn.say(step.reason());
    turn.keep(
        with(role, step.next(), sameStage ? role.ticket() : 0, sameStage ? role.toldNanos() : 0));
    for (MoveCommand command : step.commands()) {
      execute(turn, command);
    }
    if (step.next().stage() instanceof Stage.Ended ended && turn.role() instanceof Role.Moving) {
      switch (ended.outcome()) {
        case UNDONE ->
            turn.become(
                new Role.InSync(role.epoch(), role.generation(), null, 0, null),
                ended.explanation());
        case FAILED -> FencedRole.await(turn, ended.explanation());
        case DONE -> throw new IllegalStateException("a move ends while serving: " + role);
      }
    }
  }

  private static void execute(Turn turn, MoveCommand command) {
    if (!(turn.role() instanceof Role.Moving role)) {
      if (command instanceof MoveCommand.AwaitFronts c) {
        awaitFronts(turn, c.boundMillis());
      } else if (command instanceof MoveCommand.ReportMove c) {
        turn.emit(new RoleCommand.Report(c.report()));
      }
      return;
    }
    MoveState move = role.move();
    switch (command) {
      case MoveCommand.AwaitCaughtUp c ->
          turn.emit(new RoleCommand.AwaitCaughtUp(awaited(turn, role), c.maxLagBytes()));
      case MoveCommand.AwaitLastPosition c ->
          turn.emit(new RoleCommand.AwaitInMemory(awaited(turn, role), c.last()));
      case MoveCommand.StopReceiving c ->
          turn.emit(new RoleCommand.StopReceiving(awaited(turn, role)));
      case MoveCommand.SettleFates c ->
          turn.emit(new RoleCommand.SettleFates(awaited(turn, role), move.spec().epoch(), c.end()));
      case MoveCommand.AwaitFlushed c ->
          turn.emit(new RoleCommand.AwaitFlushed(awaited(turn, role), c.end()));
      case MoveCommand.Promote c ->
          turn.emit(new RoleCommand.Promote(awaited(turn, role), c.boundMillis()));
      case MoveCommand.AskToDrain c -> askToDrain(turn, role);
      case MoveCommand.AskSourceToFence c -> askToFence(turn, role);
      case MoveCommand.HoldFronts c -> turn.hint(new Hint.Gone(turn.record().epoch(), c.reason()));
      case MoveCommand.TellUndone c -> {
        turn.emit(
            new RoleCommand.Broadcast(
                new PeerMessage.Undone(move.spec().epoch(), move.spec().id())));
        Peers.undone(turn, move.spec().id());
      }
      case MoveCommand.OpenDoorAndRelease c -> serve(turn, role);
      case MoveCommand.AwaitFronts c -> awaitFronts(turn, c.boundMillis());
      case MoveCommand.ReportMove c -> turn.emit(new RoleCommand.Report(c.report()));
      case MoveCommand.RaiseAlarm c ->
          turn.emit(new RoleCommand.RaiseAlarm(c.name(), c.explanation()));
    }
  }

  private static long awaited(Turn turn, Role.Moving role) {
    long ticket = turn.ticket();
    turn.keep(with(role, role.move(), ticket, role.toldNanos()));
    return ticket;
  }

  private static void askToDrain(Turn turn, Role.Moving role) {
    MoveSpec spec = role.move().spec();
    long graceMillis = role.move().bounds().graceMillis();
    turn.keep(with(role, role.move(), role.ticket(), Math.max(1, turn.now())));
    turn.emit(
        new RoleCommand.Broadcast(
            new PeerMessage.Drain(spec.epoch(), spec.id(), turn.host(), graceMillis)));
    Peers.drain(turn, spec.id(), turn.host(), graceMillis);
  }

  private static void askToFence(Turn turn, Role.Moving role) {
    MoveSpec spec = role.move().spec();
    turn.keep(with(role, role.move(), role.ticket(), Math.max(1, turn.now())));
    turn.send(
        spec.source(), new PeerMessage.Fence(spec.epoch(), spec.sourceGeneration(), spec.id()));
  }

  private static void serve(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    turn.emit(new RoleCommand.OpenDoor(record.epoch()));
    turn.emit(new RoleCommand.Broadcast(new PeerMessage.RecordChanged(record.epoch())));
    turn.emit(new RoleCommand.ClearAlarm(MoveMachine.COORDINATION_UNREACHABLE));
    turn.emit(new RoleCommand.ClearAlarm(MoveMachine.TARGET_BEHIND));
    turn.become(
        new Role.Serving(
            record.epoch(),
            role.takingGeneration(),
            new Waits(null, 0, Required.NONE, Map.of()),
            Map.of(),
            0,
            0,
            role.move()),
        "open in epoch " + record.epoch());
  }

  private static void awaitFronts(Turn turn, long boundMillis) {
    if (turn.role() instanceof Role.Serving serving) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.AwaitFronts(ticket, serving.epoch(), boundMillis));
      turn.keep(with(serving, ticket, serving.tail()));
    }
  }

  /// The end of a move, while its target serves.
  static void tail(Turn turn, Role.Serving role, MoveEvent event) {
    MoveState tail = role.tail();
    if (tail == null) {
      return;
    }
    MoveStep step = MoveMachine.step(tail, event, turn.now());
    turn.say(step.reason());
    for (MoveCommand command : step.commands()) {
      if (command instanceof MoveCommand.ReportMove c) {
        turn.emit(new RoleCommand.Report(c.report()));
      }
    }
    turn.keep(
        step.next().ended() ? with(role, 0, null) : with(role, role.tailTicket(), step.next()));
  }

  static void settle(Turn turn, Role.Moving role) {
    switch (role.move().stage()) {
      case Stage.Recording s -> recordMove(turn, role);
      case Stage.CatchingUp s -> stillOurs(turn, role);
      case Stage.Draining s -> {
        if (stillOurs(turn, role) && isAskDue(turn, role)) {
          askToDrain(turn, role);
        }
      }
      case Stage.Fencing s -> {
        if (stillOurs(turn, role) && isAskDue(turn, role)) {
          askToFence(turn, role);
        }
      }
      case Stage.Confirming s -> stillOurs(turn, role);
      case Stage.Taking s -> recordTaking(turn, role);
      case Stage.Stopping s -> stillTaking(turn, role);
      case Stage.Settling s -> stillTaking(turn, role);
      case Stage.Flushing s -> stillTaking(turn, role);
      case Stage.Promoting s -> stillTaking(turn, role);
      case Stage.Opening s -> recordOpen(turn, role, s);
      case Stage.Undoing s -> recordUndone(turn, role);
      case Stage.Rerouting s -> {}
      case Stage.Ended s -> {}
    }
  }

  private static void recordMove(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    if (isOurs(role, record.move())) {
      step(turn, role, new MoveEvent.MoveRecorded());
    } else if (!mayTake(turn, role) || record.move() != null || isNumberTaken(role, record)) {
      step(turn, role, new MoveEvent.RecordMovedOn("the record has changed: " + record));
    } else {
      turn.write(record.withMove(running(role)), "recording move " + role.move().spec().id());
    }
  }

  private static boolean stillOurs(Turn turn, Role.Moving role) {
    if (mayTake(turn, role) && isOurs(role, turn.record().move())) {
      return true;
    }
    step(turn, role, new MoveEvent.RecordMovedOn("the record no longer has this move"));
    return false;
  }

  private static void recordTaking(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    if (role.takingGeneration() != 0 && isTaker(turn, role)) {
      turn.emit(new RoleCommand.Broadcast(new PeerMessage.RecordChanged(record.epoch())));
      step(turn, role, new MoveEvent.TakingRecorded(record.epoch()));
    } else if (!mayTake(turn, role)
        || (isNumberTaken(role, record) && !isOurs(role, record.move()))) {
      step(turn, role, new MoveEvent.RecordMovedOn("the record no longer lets us take over"));
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
    step(
        turn,
        role,
        new MoveEvent.RecordMovedOn(turn.record().home() + " has taken it in a later epoch"));
    return false;
  }

  private static void recordOpen(Turn turn, Role.Moving role, Stage.Opening stage) {
    if (!stillTaking(turn, role)) {
      return;
    }
    ServiceRecord record = turn.record();
    if (record.phase() == Phase.OPEN) {
      step(turn, role, new MoveEvent.OpenRecorded());
    } else {
      turn.write(record.opened(stage.end()), "recording open on " + stage.end());
    }
  }

  private static void recordUndone(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    if (record.epoch() == role.move().spec().epoch() && isOurs(role, record.move())) {
      turn.write(record.withoutMove(), "recording that the move is undone");
    } else if (!turn.isWriting()) {
      step(turn, role, new MoveEvent.RecordMovedOn("undone"));
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

  private static boolean isOurs(
      Role.Moving role, @org.jspecify.annotations.Nullable RunningMove move) {
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
        spec.reason().actor());
  }

  private static Role.Moving with(Role.Moving role, MoveState move, long ticket, long toldNanos) {
    return new Role.Moving(
        role.epoch(),
        role.generation(),
        role.forced(),
        role.takingGeneration(),
        ticket,
        toldNanos,
        move);
  }

  private static Role.Serving with(
      Role.Serving role, long tailTicket, @org.jspecify.annotations.Nullable MoveState tail) {
    return new Role.Serving(
        role.epoch(),
        role.generation(),
        role.waits(),
        role.silentSince(),
        role.askedPeersNanos(),
        tailTicket,
        tail);
  }
}
