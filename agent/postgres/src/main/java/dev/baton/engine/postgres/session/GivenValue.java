package dev.baton.engine.postgres.session;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// A value that a client was given, as SQL that makes it again.
final class GivenValue {
  private static final int BOOL = 16;
  private static final int INT8 = 20;
  private static final int INT2 = 21;
  private static final int INT4 = 23;
  private static final int TEXT = 25;
  private static final int FLOAT8 = 701;
  private static final int BPCHAR = 1042;
  private static final int VARCHAR = 1043;
  private static final int TIMESTAMP = 1114;
  private static final int TIMESTAMPTZ = 1184;
  private static final int UUID_TYPE = 2950;

  private GivenValue() {}

  /// @param type OID
  /// @param binary format of `value`
  /// @return a byte string; empty when it cannot be told from its bytes
  static Optional<String> literal(byte[] value, int type, boolean binary) {
    if (!binary) {
      return Optional.of(SqlText.literal(new String(value, StandardCharsets.ISO_8859_1)));
    }
    ByteBuffer bytes = ByteBuffer.wrap(value);
    return switch (type) {
      case INT2, INT4, INT8 ->
          value.length == 0 ? Optional.empty() : Optional.of(new BigInteger(value).toString());
      case BOOL -> Optional.of(value.length == 1 && value[0] != 0 ? "true" : "false");
      case TEXT, VARCHAR, BPCHAR ->
          Optional.of(SqlText.literal(new String(value, StandardCharsets.ISO_8859_1)));
      case FLOAT8 ->
          value.length == Double.BYTES
              ? Optional.of(SqlText.literal(Double.toString(bytes.getDouble())))
              : Optional.empty();
      case UUID_TYPE ->
          value.length == 2 * Long.BYTES
              ? Optional.of(SqlText.literal(new UUID(bytes.getLong(), bytes.getLong()).toString()))
              : Optional.empty();
      case TIMESTAMP -> moment(bytes, "TIMESTAMP '2000-01-01 00:00:00'");
      case TIMESTAMPTZ -> moment(bytes, "TIMESTAMPTZ '2000-01-01 00:00:00+00'");
      default -> Optional.empty();
    };
  }

  /// Microseconds since the first day of 2000; beyond 2^53 of them an interval is not exact.
  private static Optional<String> moment(ByteBuffer bytes, String origin) {
    if (bytes.remaining() != Long.BYTES) {
      return Optional.empty();
    }
    long micros = bytes.getLong();
    return Math.abs(micros) < 1L << 53
        ? Optional.of("(" + origin + " + " + micros + " * INTERVAL '1 microsecond')")
        : Optional.empty();
  }

  /// @return empty when it is no whole number of 64 bits
  static OptionalLong number(byte[] value, int type, boolean binary) {
    if (binary) {
      return switch (type) {
        case INT2, INT4, INT8 ->
            value.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(new BigInteger(value).longValue());
        default -> OptionalLong.empty();
      };
    }
    try {
      return OptionalLong.of(Long.parseLong(new String(value, StandardCharsets.ISO_8859_1)));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
