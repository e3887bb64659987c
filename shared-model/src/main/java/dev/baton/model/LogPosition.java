package dev.baton.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A place in a database's log: a sequence number and an offset, the two halves of a PostgreSQL LSN
/// (MySQL: number of the binlog file and position in it). Both are 0 to 2^32-1. Ordered by
/// sequence, then offset. Printed, and written in JSON, as PostgreSQL prints it: `16/B374D848`.
public record LogPosition(long sequence, long offset) implements Comparable<LogPosition> {
  private static final long HALF = 0xFFFF_FFFFL;

  /// Before every position of every log.
  public static final LogPosition ZERO = new LogPosition(0, 0);

  public LogPosition {
    if ((sequence & ~HALF) != 0 || (offset & ~HALF) != 0) {
      throw new IllegalArgumentException(
          "log position out of range: sequence " + sequence + ", offset " + offset);
    }
  }

  /// From the 64 bits as they stand on the wire, sequence in the upper half.
  public static LogPosition of(long bits) {
    return new LogPosition(bits >>> 32, bits & HALF);
  }

  /// Reads `16/B374D848`.
  ///
  /// @throws IllegalArgumentException when the text is no position; the message quotes it
  @JsonCreator
  public static LogPosition parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
      throw new IllegalArgumentException("not a log position: '" + text + "', expected like 0/1A0");
    }
    try {
      return new LogPosition(
          Long.parseUnsignedLong(text, 0, slash, 16),
          Long.parseUnsignedLong(text, slash + 1, text.length(), 16));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "not a log position: '" + text + "', expected like 0/1A0", e);
    }
  }

  /// The 64 bits as they stand on the wire.
  public long bits() {
    return sequence << 32 | offset;
  }

  /// Bytes from `earlier` to here; negative when here is before it.
  public long bytesSince(LogPosition earlier) {
    return bits() - earlier.bits();
  }

  public LogPosition plus(long bytes) {
    return of(bits() + bytes);
  }

  public boolean isBefore(LogPosition other) {
    return compareTo(other) < 0;
  }

  public boolean isAtLeast(LogPosition other) {
    return compareTo(other) >= 0;
  }

  public LogPosition max(LogPosition other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public int compareTo(LogPosition other) {
    return Long.compareUnsigned(bits(), other.bits());
  }

  @JsonValue
  @Override
  public String toString() {
    return Long.toHexString(sequence).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(offset).toUpperCase(java.util.Locale.ROOT);
  }
}
