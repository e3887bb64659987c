package dev.baton.core.memory;

/// Bounds of one service's memory.
///
/// A quarter of `bytes` is for stamped requests, the rest for the log. When its share is nearly
/// full the log goes to disk, oldest first, and when the disk's share is full too the sender is
/// slowed. Requests are never slowed: beyond their share the bytes of a transaction are dropped,
/// its stamps are kept, and it can no longer be replayed from here.
///
/// @param bytes of RAM, log and requests together; at least 16 chunks
/// @param diskBytes of log beyond them, 0 for none
/// @param commitIds how many of the last committed transaction ids are indexed, at most 2^30
/// @param chunkBytes unit in which the log is stored and spilled
public record MemoryBounds(long bytes, long diskBytes, int commitIds, int chunkBytes) {
  /// 64 MB of RAM, 1 GB of disk, the last million transactions.
  public static final MemoryBounds DEFAULT =
      new MemoryBounds(64L << 20, 1L << 30, 1 << 20, 256 << 10);

  public MemoryBounds {
    if (chunkBytes < 1 || bytes < 16L * chunkBytes) {
      throw new IllegalArgumentException(
          "memory of " + bytes + " bytes is too small for chunks of " + chunkBytes + ", need 16");
    }
    if (diskBytes < 0 || commitIds < 1 || commitIds > 1 << 30) {
      throw new IllegalArgumentException(
          "disk bound " + diskBytes + " or commit window " + commitIds + " out of range");
    }
  }

  long requestBytes() {
    return bytes / 4;
  }

  long logBytes() {
    return bytes - requestBytes();
  }

  /// From here on the log's oldest chunks go to disk, and below it a stopped sender goes on.
  long spillAtBytes() {
    return logBytes() / 2;
  }

  /// From here on the sender is told to stop. What lies between it and `logBytes` is for one more
  /// append and for chunks read back from disk.
  long stopAtBytes() {
    return logBytes() * 3 / 4;
  }
}
