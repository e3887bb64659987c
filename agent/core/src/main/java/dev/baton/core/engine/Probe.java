package dev.baton.core.engine;

import java.io.IOException;

/// How much the local instance has to do, asked over a connection of its own. Blocks; for one
/// thread at a time, except `close`.
public interface Probe extends AutoCloseable {
  /// @throws IOException when the instance does not answer; the next call tries again
  Activity read() throws IOException;

  @Override
  void close();

  /// @param active backends of clients that work
  /// @param idleInTransaction of clients, between two requests of a transaction
  /// @param waitingForLocks of clients, for another one's lock
  /// @param connections of clients, idle ones among them
  /// @param maxConnections that the instance takes
  /// @param oldestTransactionSeconds since the oldest open transaction of a client began; 0: none
  /// @param blocksRead from outside the instance's own cache, since it began
  /// @param blocksHit found in that cache, since it began
  /// @param temporaryBytes written to temporary files, since it began
  /// @param deadlocks since it began
  record Activity(
      int active,
      int idleInTransaction,
      int waitingForLocks,
      int connections,
      int maxConnections,
      double oldestTransactionSeconds,
      long blocksRead,
      long blocksHit,
      long temporaryBytes,
      long deadlocks) {}
}
