package dev.baton.core.cluster;

import java.util.List;

/// What follows from one event.
///
/// @param commands in the order in which they are to be begun
/// @param reason one sentence for the log when the role has changed or something was refused; empty
///   else
public record RoleStep(RoleState next, List<RoleCommand> commands, String reason) {
  public RoleStep {
    commands = List.copyOf(commands);
  }
}
