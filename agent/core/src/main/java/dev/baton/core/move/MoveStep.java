package dev.baton.core.move;

import java.util.List;

/// What follows from one event.
///
/// @param reason one sentence for the log; empty when nothing has changed
public record MoveStep(MoveState next, List<MoveCommand> commands, String reason) {
  public MoveStep {
    commands = List.copyOf(commands);
  }
}
