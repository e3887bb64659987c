package dev.baton.core.engine;

import dev.baton.model.LogPosition;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// Receives the home's log into the memory of this host. Everything happens on the memory's thread.
public interface LogSource {
  /// Begins to receive. What comes in is checked, appended to the memory, indexed, and then
  /// reported to the home as flushed.
  void start(long epoch, String home, LogPosition from);

  /// Receives nothing more and tells the end of the last complete record. May be asked again.
  CompletionStage<LogPosition> stop();

  /// The home's current end of log as last told by it, a lower bound of the true one.
  LogPosition homePosition();

  /// End of what was received, complete or not.
  LogPosition received();

  /// Called on the memory's thread when the stream breaks by itself; the source retries until it is
  /// stopped.
  void onBroken(Consumer<String> listener);

  /// Called on the memory's thread when receiving cannot go on from where this memory ends: the
  /// home has the log no more, or what is here must begin anew. The source tries no more.
  void onGone(Consumer<String> listener);
}
