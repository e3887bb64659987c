package dev.baton.core.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// One record a service, changed only by compare-and-set, and which agents are there. No data of a
/// client passes through it. Methods return at once and may be called from any thread; stages
/// complete and listeners run on a thread of the implementation, listeners in the order of
/// versions. A stage completes exceptionally, with an `java.io.IOException`, when nothing is known.
public interface Coordination extends AutoCloseable {
  /// The record as it is now: what every write that ended before this call has left.
  CompletionStage<Optional<ServiceRecord>> read(String service);

  /// Writes `record` when the present one has `expectedVersion`; 0: when there is none.
  CompletionStage<WriteResult> compareAndSet(int expectedVersion, ServiceRecord record);

  /// Tells the present record and every later one that is seen; versions may be skipped, never
  /// repeated or reversed.
  Watch watch(String service, Consumer<ServiceRecord> listener);

  /// Makes this agent known until its session ends; made again by itself after each new session.
  CompletionStage<Void> register(HostRecord host);

  /// Agents that are there, by name; told at once and after each change.
  Watch watchHosts(Consumer<List<HostRecord>> listener);

  Connection connection();

  /// Told at once and after each change.
  Watch watchConnection(Consumer<Connection> listener);

  @Override
  void close();

  sealed interface WriteResult {
    /// @param record with its new version
    record Written(ServiceRecord record) implements WriteResult {}

    /// Nothing was written; `present` is what stands there.
    record Conflict(ServiceRecord present) implements WriteResult {}

    /// The connection went while the answer was owed: the write was done, was not done, or is done
    /// yet. Read, then decide again; the version keeps a late one from doing harm.
    record Unknown(String explanation) implements WriteResult {}
  }

  enum Connection {
    CONNECTED,
    /// No answer now; the session may still live.
    SUSPENDED,
    /// The session has ended: this agent is no longer known.
    LOST
  }

  @FunctionalInterface
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
