package dev.baton.core.cluster;

import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.move.MoveCommand;
import dev.baton.core.move.MoveEvent;
import dev.baton.core.move.MoveMachine;
import dev.baton.core.move.MoveState;
import dev.baton.core.move.MoveStep;

/// The end of a move, while its target serves: fronts arrive, then the source comes back as a
/// standby.
final class TailRole {
  private TailRole() {}

  static void step(Turn turn, Role.Serving role, MoveEvent event) {
    MoveState tail = role.tail();
    if (tail == null || tail.ended()) {
      return;
    }
    MoveStep step = MoveMachine.step(tail, event, turn.now());
    turn.say(step.reason());
    for (MoveCommand command : step.commands()) {
      if (command instanceof MoveCommand.ReportMove c) {
        turn.emit(new RoleCommand.Report(c.report()));
      }
    }
    turn.keep(role.tailed(step.next().ended() ? 0 : role.tailTicket(), step.next()));
  }

  /// The last phase of a move that is done: its source is in sync again.
  static Role.Serving watchRejoin(Turn turn, Role.Serving role) {
    MoveState tail = role.tail();
    if (tail == null
        || !tail.ended()
        || !turn.record().membersIn(MemberState.IN_SYNC).contains(tail.spec().source())) {
      return role;
    }
    turn.emit(new RoleCommand.Report(MoveMachine.rejoined(tail, turn.now())));
    return role.tailed(0, null);
  }
}
