package dev.baton.lab;

import dev.baton.service.cli.CommandProvider;
import java.util.List;

/// Adds `baton demo`, `baton bench` and `baton train`.
public final class LabCommands implements CommandProvider {
  @Override
  public List<Object> commands() {
    return List.of(new DemoCommand(), new BenchCommand(), new TrainCommand());
  }
}
