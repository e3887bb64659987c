package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Hint;
import dev.baton.core.cluster.RoleState.Required;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.RoleState.Waits;
import dev.baton.core.move.MoveCommand;
import dev.baton.core.move.MoveSpec;
import dev.baton.core.move.MoveState;
import java.util.Map;

/// Does what the move machine asks for, at the target.
final class TargetCommands {
  private TargetCommands() {}

  static void execute(Turn turn, MoveCommand command) {
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
      case MoveCommand.HoldFronts c ->
          turn.hint(new Hint.Gone(turn.record().epoch(), move.spec().id(), c.reason()));
      case MoveCommand.TellUndone c -> {
        turn.emit(
            new RoleCommand.Broadcast(
                new PeerMessage.Undone(move.spec().epoch(), move.spec().id())));
        Peers.undone(turn, move.spec().id());
      }
      case MoveCommand.OpenDoorAndRelease c -> serve(turn, role);
      case MoveCommand.AwaitFronts c -> awaitFronts(turn, c.boundMillis());
      case MoveCommand.ReportMove c -> turn.emit(new RoleCommand.Report(c.report()));
      case MoveCommand.RaiseAlarm c -> turn.raise(c.alarm(), c.explanation());
    }
  }

  private static long awaited(Turn turn, Role.Moving role) {
    long ticket = turn.ticket();
    turn.keep(with(role, role.move(), ticket, role.toldNanos()));
    return ticket;
  }

  static void askToDrain(Turn turn, Role.Moving role) {
    MoveSpec spec = role.move().spec();
    long graceMillis = role.move().bounds().graceMillis();
    turn.keep(with(role, role.move(), role.ticket(), Math.max(1, turn.now())));
    turn.emit(
        new RoleCommand.Broadcast(
            new PeerMessage.Drain(spec.epoch(), spec.id(), turn.host(), graceMillis)));
    Peers.drain(turn, spec.id(), turn.host(), graceMillis);
  }

  static void askToFence(Turn turn, Role.Moving role) {
    MoveSpec spec = role.move().spec();
    turn.keep(with(role, role.move(), role.ticket(), Math.max(1, turn.now())));
    turn.send(
        spec.source(), new PeerMessage.Fence(spec.epoch(), spec.sourceGeneration(), spec.id()));
  }

  private static void serve(Turn turn, Role.Moving role) {
    ServiceRecord record = turn.record();
    long untilNanos = turn.now() + turn.settings().leaseMillis() * 1_000_000;
    turn.emit(new RoleCommand.HoldLease(record.epoch(), untilNanos));
    turn.emit(new RoleCommand.OpenDoor(record.epoch()));
    turn.emit(new RoleCommand.Broadcast(new PeerMessage.RecordChanged(record.epoch())));
    turn.clearAll();
    turn.become(
        Role.Serving.open(
            record.epoch(),
            role.takingGeneration(),
            new Waits(null, 0, Required.NONE, Map.of()),
            Leases.begun(turn.now()),
            role.move()),
        "open in epoch " + record.epoch());
  }

  private static void awaitFronts(Turn turn, long boundMillis) {
    if (turn.role() instanceof Role.Serving serving) {
      long ticket = turn.ticket();
      turn.emit(new RoleCommand.AwaitFronts(ticket, serving.epoch(), boundMillis));
      turn.keep(serving.tailed(ticket, serving.tail()));
    }
  }

  static Role.Moving with(Role.Moving role, MoveState move, long ticket, long toldNanos) {
    return new Role.Moving(
        role.epoch(),
        role.generation(),
        role.forced(),
        role.takingGeneration(),
        ticket,
        toldNanos,
        move);
  }
}
