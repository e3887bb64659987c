package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Hint;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.move.MoveOrder;

/// What every agent does with messages and orders, whatever its role: refuses what is stale, and
/// tells its own fronts to drain or to hold.
final class Peers {
  private Peers() {}

  /// @return whether the role is to see it
  static boolean accept(Turn turn, RoleEvent.Received event) {
    if (!turn.hasRecord()) {
      return false;
    }
    PeerMessage message = event.message();
    long epoch = turn.record().epoch();
    if (message instanceof PeerMessage.RecordChanged) {
      turn.emit(new RoleCommand.ReadRecord());
      return false;
    }
    if (message.epoch() < epoch) {
      turn.send(event.from(), new PeerMessage.RecordChanged(epoch));
      return false;
    }
    if (message.epoch() > epoch) {
      turn.emit(new RoleCommand.ReadRecord());
      return false;
    }
    return switch (message) {
      case PeerMessage.Drain m -> {
        drain(turn, m.moveId(), m.target(), m.graceMillis());
        yield false;
      }
      case PeerMessage.Undone m -> {
        undone(turn, m.moveId());
        yield true;
      }
      case PeerMessage.HomeGoing m -> {
        if (m.homeGeneration() == turn.record().homeGeneration()) {
          turn.hint(new Hint.Gone(epoch, 0, m.explanation()));
        }
        yield true;
      }
      case PeerMessage.Fenced m -> true;
      case PeerMessage.Drained m -> true;
      case PeerMessage.Fence m -> true;
      case PeerMessage.Refused m -> true;
      case PeerMessage.JoinAt m -> true;
      case PeerMessage.AskInMemory m -> true;
      case PeerMessage.HasInMemory m -> true;
      case PeerMessage.AskLease m -> true;
      case PeerMessage.GrantLease m -> true;
      case PeerMessage.RecordChanged m -> false;
    };
  }

  /// This host's fronts let no new transaction begin.
  static void drain(Turn turn, long moveId, String target, long graceMillis) {
    ServiceRecord record = turn.record();
    boolean ended = record.lastMoveId() >= moveId && !isRunning(record, moveId);
    if (ended || turn.hint() instanceof Hint.Gone) {
      return;
    }
    if (turn.hint() instanceof Hint.Draining present && present.moveId() == moveId) {
      if (present.ticket() == 0) {
        tellDrained(turn, present);
      }
      return;
    }
    long ticket = turn.ticket();
    long boundMillis = graceMillis + 2 * turn.settings().moveBounds().fenceMillis();
    turn.hint(
        new Hint.Draining(
            record.epoch(),
            moveId,
            target,
            graceMillis,
            ticket,
            turn.now() + boundMillis * 1_000_000));
    turn.emit(new RoleCommand.AwaitTransactionsEnd(ticket));
    turn.say("draining for move " + moveId);
  }

  static void undone(Turn turn, long moveId) {
    boolean ofMove =
        switch (turn.hint()) {
          case Hint.Draining draining -> draining.moveId() == moveId;
          case Hint.Gone gone -> gone.moveId() == moveId;
          case Hint.Nothing nothing -> false;
        };
    if (ofMove) {
      turn.hint(new Hint.Nothing());
    }
  }

  static void transactionsEnded(Turn turn, long ticket) {
    if (turn.hint() instanceof Hint.Draining draining && draining.ticket() == ticket) {
      Hint.Draining done =
          new Hint.Draining(
              draining.epoch(),
              draining.moveId(),
              draining.target(),
              draining.graceMillis(),
              0,
              draining.untilNanos());
      turn.hint(done);
      tellDrained(turn, done);
    }
  }

  private static void tellDrained(Turn turn, Hint.Draining draining) {
    if (draining.target().equals(turn.host())) {
      TargetRole.drained(turn, turn.host(), draining.moveId());
    } else {
      turn.send(draining.target(), new PeerMessage.Drained(draining.epoch(), draining.moveId()));
    }
  }

  /// A hint that the record has overtaken counts no more.
  static void forget(Turn turn) {
    ServiceRecord record = turn.record();
    boolean over =
        switch (turn.hint()) {
          case Hint.Nothing nothing -> false;
          case Hint.Gone gone -> gone.epoch() < record.epoch();
          case Hint.Draining draining ->
              draining.epoch() < record.epoch()
                  || (record.lastMoveId() >= draining.moveId()
                      && !isRunning(record, draining.moveId()));
        };
    if (over) {
      turn.hint(new Hint.Nothing());
    }
  }

  /// A target that died while clients were held back must not hold them for ever.
  static void expire(Turn turn) {
    if (turn.hint() instanceof Hint.Draining draining && turn.now() >= draining.untilNanos()) {
      turn.say("draining for move " + draining.moveId() + " is given up: nothing followed");
      turn.hint(new Hint.Nothing());
    }
  }

  /// @return whether the role is to see it; else it was refused
  static boolean takeOrder(Turn turn, MoveOrder order) {
    String why =
        switch (turn.role()) {
          case Role.InSync r -> "";
          case Role.Joining r -> order.forced() ? "" : turn.host() + " is joining, not yet in sync";
          case Role.Moving r -> "move " + r.move().spec().id() + " runs";
          case Role.Serving r -> turn.host() + " is home already";
          case Role.Resuming r -> turn.host() + " is home and comes up";
          case Role.Fencing r -> turn.host() + " is home and is being fenced";
          case Role.Fenced r -> turn.host() + " is the home that is left";
          case Role.Waiting r -> "a take-over is unfinished";
          case Role.Rebuilding r -> turn.host() + " has no memory that counts yet";
          case Role.FrontOnly r -> turn.host() + " carries no database";
          case Role.Starting r -> "the record is not yet known";
        };
    if (!why.isEmpty()) {
      turn.emit(new RoleCommand.AnswerOrder(order.id(), 0, why));
      turn.say("order %s refused: %s".formatted(order.id(), why));
      return false;
    }
    return true;
  }

  private static boolean isRunning(ServiceRecord record, long moveId) {
    ServiceRecord.RunningMove move = record.move();
    return move != null && move.id() == moveId;
  }
}
