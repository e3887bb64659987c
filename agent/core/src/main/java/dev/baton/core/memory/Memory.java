package dev.baton.core.memory;

/// What an engine's log source and relay need of the memory.
public interface Memory {
  LogStore log();

  CommitSink commits();
}
