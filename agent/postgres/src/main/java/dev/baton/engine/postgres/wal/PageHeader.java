package dev.baton.engine.postgres.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Gathers and checks the header of one page. Layout, little-endian: magic (2), flags (2), timeline
/// (4), position of the page (8), bytes left of the record that continues here (4), padding (4); at
/// the start of a segment also system id (8), segment size (4), page size (4).
final class PageHeader {
  private static final int SHORT_BYTES = 24;
  private static final int LONG_BYTES = 40;
  private static final int CONTINUES = 0x1;
  private static final int LONG = 0x2;
  private static final int OVERWRITES = 0x8;
  private static final int KNOWN_FLAGS = 0xF;

  private final ByteBuffer bytes = ByteBuffer.allocate(LONG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final int segmentBytes;
  private final long systemId;
  private long position;
  private long timeline;

  PageHeader(int segmentBytes, long systemId) {
    this.segmentBytes = segmentBytes;
    this.systemId = systemId;
  }

  /// Awaits the header of the page at `position`.
  void begin(long position) {
    this.position = position;
    bytes.clear().limit(SHORT_BYTES);
  }

  /// Position of the page, also when its header came in parts.
  long start() {
    return position;
  }

  /// Takes what it needs from `source`.
  ///
  /// @return true when the header is whole
  boolean take(ByteBuffer source) {
    copy(source);
    if (bytes.position() == SHORT_BYTES && (flags() & LONG) != 0) {
      bytes.limit(LONG_BYTES);
      copy(source);
    }
    return !bytes.hasRemaining();
  }

  private void copy(ByteBuffer source) {
    int length = Math.min(bytes.remaining(), source.remaining());
    bytes.put(bytes.position(), source, source.position(), length);
    bytes.position(bytes.position() + length);
    source.position(source.position() + length);
  }

  /// Checks a whole header against what is known of the log.
  ///
  /// @param known null before the first page of a segment was seen
  /// @return the log's format
  WalFormat check(@Nullable WalFormat known) throws WalFormatException {
    int magic = bytes.getShort(0) & 0xFFFF;
    if (known != null && magic != known.magic()) {
      throw wrong("page magic %04X, expected %04X".formatted(magic, known.magic()));
    }
    if ((flags() & ~KNOWN_FLAGS) != 0) {
      throw wrong("unknown page flags %04X".formatted(flags()));
    }
    if (bytes.getLong(8) != position) {
      throw wrong("page says that it lies at %X".formatted(bytes.getLong(8)));
    }
    if (continues() != (leftBytes() != 0)) {
      throw wrong("%d bytes of a continued record, flags %04X".formatted(leftBytes(), flags()));
    }
    long pageTimeline = bytes.getInt(4) & 0xFFFF_FFFFL;
    if (pageTimeline < timeline) {
      throw wrong("page of timeline %d after one of %d".formatted(pageTimeline, timeline));
    }
    timeline = pageTimeline;
    return checkFormat(known, magic);
  }

  private WalFormat checkFormat(@Nullable WalFormat known, int magic) throws WalFormatException {
    boolean segmentStart = (position & (segmentBytes - 1)) == 0;
    boolean isLong = (flags() & LONG) != 0;
    if (isLong != segmentStart) {
      throw wrong(isLong ? "long page header amid a segment" : "short one where a segment starts");
    }
    if (!isLong) {
      if (known == null) {
        throw new IllegalStateException("not begun at a segment's start");
      }
      return known;
    }
    if (bytes.getLong(24) != systemId) {
      throw wrong("log of system %d, expected %d".formatted(bytes.getLong(24), systemId));
    }
    if (bytes.getInt(32) != segmentBytes) {
      throw wrong("segments of %d bytes, expected %d".formatted(bytes.getInt(32), segmentBytes));
    }
    return known == null ? firstFormat(magic) : checkPageBytes(known);
  }

  private WalFormat firstFormat(int magic) throws WalFormatException {
    try {
      return new WalFormat(magic, segmentBytes, bytes.getInt(36), systemId);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private WalFormat checkPageBytes(WalFormat known) throws WalFormatException {
    if (bytes.getInt(36) != known.pageBytes()) {
      throw wrong("pages of %d bytes, expected %d".formatted(bytes.getInt(36), known.pageBytes()));
    }
    return known;
  }

  private WalFormatException wrong(String problem) {
    return new WalFormatException(position, problem);
  }

  private int flags() {
    return bytes.getShort(2) & 0xFFFF;
  }

  /// The page begins with the rest of a record of the page before.
  boolean continues() {
    return (flags() & CONTINUES) != 0;
  }

  /// The server crashed while it wrote the record that would continue here, and has begun anew.
  boolean overwrites() {
    return (flags() & OVERWRITES) != 0;
  }

  /// Bytes of the continued record from here on, on this and later pages.
  long leftBytes() {
    return bytes.getInt(16) & 0xFFFF_FFFFL;
  }
}
