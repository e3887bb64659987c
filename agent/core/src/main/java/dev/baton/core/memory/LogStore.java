package dev.baton.core.memory;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;

/// The home's log as it lies in the memory: contiguous bytes from `start` to `end`, the oldest of
/// them possibly on disk. Confined to the memory's thread.
public interface LogStore {
  /// Empties the store; the next byte is that at `start`.
  void reset(LogPosition start);

  LogPosition start();

  LogPosition end();

  /// Copies what remains in `bytes` to the end.
  ///
  /// @param at position of the first byte
  /// @return false when the bound is near: the caller reads nothing more until `onRoom` runs. What
  ///   was given is kept in any case.
  /// @throws IllegalArgumentException when `at` is not the end: a gap or a repetition is never
  ///   stored
  /// @throws IllegalStateException when a caller that was told false goes on until nothing fits
  ///   under the bound, or when the log was settled
  boolean append(LogPosition at, ByteBuffer bytes);

  /// Runs on the memory's thread each time there is room again after `append` said false.
  void onRoom(Runnable listener);

  /// Runs on the memory's thread whenever a `read` may give more than before: after each `append`,
  /// and when bytes that a `read` found on disk have been loaded.
  void onAppend(Runnable listener);

  /// Bytes from `from`, at most `maxBytes` and possibly fewer, without copying; read-only. Empty at
  /// the end, and empty before the end while the bytes are being loaded from disk: the caller waits
  /// for `onAppend` in both cases. The buffer stays right as long as anybody holds it, also after
  /// `release` and `reset`, since the memory under it is never used again.
  ///
  /// @throws IllegalArgumentException when `from` lies before the start or after the end
  /// @throws IllegalStateException when the bytes were on disk and could not be read back: this
  ///   memory has a hole and its generation must end
  ByteBuffer read(LogPosition from, int maxBytes);

  /// What lies before `position` is needed no more. A position before the start changes nothing,
  /// one after the end counts as the end.
  void release(LogPosition position);
}
