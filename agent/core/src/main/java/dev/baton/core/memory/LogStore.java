package dev.baton.core.memory;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;

/// The home's log as it lies in the memory: contiguous bytes from `start` to `end`. Confined to the
/// memory's thread.
public interface LogStore {
  /// Empties the store; the next byte is that at `start`.
  void reset(LogPosition start);

  LogPosition start();

  LogPosition end();

  /// Copies what remains in `bytes` to the end.
  ///
  /// @param at position of the first byte
  /// @return false when the bound is reached: the caller reads nothing more until `onRoom` runs.
  ///   What was given is kept in any case.
  /// @throws IllegalArgumentException when `at` is not the end: a gap or a repetition is never
  ///   stored
  boolean append(LogPosition at, ByteBuffer bytes);

  /// Runs on the memory's thread each time there is room again after `append` said false.
  void onRoom(Runnable listener);

  /// Runs on the memory's thread after each `append`.
  void onAppend(Runnable listener);

  /// Bytes from `from`, at most `maxBytes` and possibly fewer; empty at the end. Valid until the
  /// next call of `release` or `reset`.
  ///
  /// @throws IllegalArgumentException when `from` lies before the start or after the end
  ByteBuffer read(LogPosition from, int maxBytes);

  /// What lies before `position` is needed no more.
  void release(LogPosition position);
}
