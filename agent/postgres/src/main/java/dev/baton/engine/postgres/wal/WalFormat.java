package dev.baton.engine.postgres.wal;

import dev.baton.model.LogPosition;

/// What the long page header at the start of a segment says of a log. Field order and sizes of page
/// and record headers are the same in versions 10 to 18; the magic number tells the version, and
/// with it the size of the one item that changed.
///
/// @param magic first two bytes of each page
/// @param segmentBytes size of a segment, a power of two from 1 MiB to 1 GiB
/// @param pageBytes size of a page, a power of two from 1 KiB to 64 KiB
/// @param systemId identity of the cluster that the log belongs to
public record WalFormat(int magic, int segmentBytes, int pageBytes, long systemId) {
  static final int DEFAULT_PAGE_BYTES = 8192;

  private static final int MAGIC_14 = 0xD10D;
  private static final int MAGIC_18 = 0xD118;
  private static final int MIN_SEGMENT_BYTES = 1 << 20;
  private static final int MAX_SEGMENT_BYTES = 1 << 30;
  private static final int MIN_PAGE_BYTES = 1 << 10;
  private static final int MAX_PAGE_BYTES = 1 << 16;

  /// @throws IllegalArgumentException when a value is none that a server of version 14 to 18 writes
  public WalFormat {
    if (magic < MAGIC_14 || magic > MAGIC_18) {
      throw new IllegalArgumentException(
          "page magic %04X is of no known version, expected %04X to %04X (14 to 18)"
              .formatted(magic, MAGIC_14, MAGIC_18));
    }
    if (!isPowerOfTwo(segmentBytes)
        || segmentBytes < MIN_SEGMENT_BYTES
        || segmentBytes > MAX_SEGMENT_BYTES) {
      throw new IllegalArgumentException("impossible segment size " + segmentBytes);
    }
    if (!isPowerOfTwo(pageBytes) || pageBytes < MIN_PAGE_BYTES || pageBytes > MAX_PAGE_BYTES) {
      throw new IllegalArgumentException("impossible page size " + pageBytes);
    }
  }

  /// Start of the segment in which `position` lies.
  public LogPosition segmentStart(LogPosition position) {
    return segmentStart(position, segmentBytes);
  }

  /// @param segmentBytes a power of two
  public static LogPosition segmentStart(LogPosition position, int segmentBytes) {
    return LogPosition.of(position.bits() & -segmentBytes);
  }

  /// Size of one entry of the statistics dropped with a transaction. Object ids in it have had 64
  /// bits since 18; the id of a two-phase transaction lies behind these entries.
  int droppedStatisticsBytes() {
    return magic >= MAGIC_18 ? 16 : 12;
  }

  private static boolean isPowerOfTwo(int value) {
    return Integer.bitCount(value) == 1;
  }
}
