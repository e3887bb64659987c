package dev.baton.core.engine;

import dev.baton.model.LogPosition;
import java.util.concurrent.CompletionStage;

/// Serves the memory's log to the local instance, and knows how far that one is. Stays connected
/// until the instance takes writes: closing earlier cost seconds.
public interface LogRelay extends AutoCloseable {
  /// Port on the loopback address, where the local instance connects.
  int port();

  /// Completes when the instance has flushed all log up to `position`, which it is asked about
  /// until then.
  CompletionStage<Void> flushed(LogPosition position);

  Progress progress();

  /// The port is free again when this returns. Not to be called on an event loop.
  @Override
  void close();

  /// @param connected whether the local instance is there
  record Progress(
      boolean connected, LogPosition relayed, LogPosition flushed, LogPosition replayed) {}
}
