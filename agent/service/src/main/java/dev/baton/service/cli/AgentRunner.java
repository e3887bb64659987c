package dev.baton.service.cli;

import java.nio.file.Path;

/// Runs an agent in this process, found by `ServiceLoader`.
public interface AgentRunner {
  /// Returns when the agent has stopped.
  ///
  /// @return exit status
  /// @throws CommandFailed when the configuration is refused: one sentence with file, key and what
  ///   to write instead
  int run(Path configuration);

  /// Reads and checks a configuration and starts nothing.
  ///
  /// @return what it is for
  /// @throws CommandFailed naming everything that is wrong with it
  String check(Path configuration);
}
