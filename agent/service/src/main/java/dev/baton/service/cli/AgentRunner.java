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
}
