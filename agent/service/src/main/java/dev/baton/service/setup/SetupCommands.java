package dev.baton.service.setup;

import dev.baton.service.cli.CommandProvider;
import dev.baton.service.cli.Terminal;
import java.util.List;

/// Adds `baton init` and `baton doctor`.
public final class SetupCommands implements CommandProvider {
  @Override
  public List<Object> commands() {
    Terminal terminal = Terminal.ofProcess();
    return List.of(new InitCommand(terminal), new DoctorCommand(terminal));
  }
}
