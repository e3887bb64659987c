package dev.baton.core.memory;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where chunks of the log go that have no room in RAM. Requests are done in the order in which
/// they were made; callbacks run on the memory's thread.
interface Spill extends AutoCloseable {
  /// @param chunk not changed by anybody from now on
  /// @param done told null when it is stored, else what went wrong
  void write(long position, byte[] chunk, Consumer<@Nullable Exception> done);

  void read(long position, Loaded loaded);

  /// Chunks that begin before `position` are needed no more.
  void deleteBefore(long position);

  void clear();

  @Override
  void close();

  @FunctionalInterface
  interface Loaded {
    /// @param chunk null when it could not be read
    void chunk(byte @Nullable [] chunk, @Nullable Exception failure);
  }
}
