package dev.baton.service.coordination;

import dev.baton.service.cli.CommandProvider;
import java.util.List;

/// Adds `baton coordination`.
public final class CoordinationCommands implements CommandProvider {
  @Override
  public List<Object> commands() {
    return List.of(new CoordinationCommand());
  }
}
