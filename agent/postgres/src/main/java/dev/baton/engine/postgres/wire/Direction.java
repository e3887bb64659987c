package dev.baton.engine.postgres.wire;

/// Who sent a stream. It says which message types there are and how long each may be: a server
/// reads a client's short kinds only up to 10,000 bytes, and so does the decoder.
public enum Direction {
  FROM_CLIENT {
    @Override
    int maxLength(byte type) {
      return switch (type) {
        case FrontendType.QUERY,
            FrontendType.PARSE,
            FrontendType.BIND,
            FrontendType.FUNCTION_CALL,
            FrontendType.COPY_DATA ->
            LARGE;
        case FrontendType.EXECUTE,
            FrontendType.DESCRIBE,
            FrontendType.CLOSE,
            FrontendType.FLUSH,
            FrontendType.SYNC,
            FrontendType.COPY_DONE,
            FrontendType.COPY_FAIL,
            FrontendType.TERMINATE ->
            SMALL;
        case FrontendType.PASSWORD -> TOKEN;
        default -> UNKNOWN;
      };
    }
  },

  FROM_SERVER {
    @Override
    int maxLength(byte type) {
      return KNOWN_SERVER_TYPES.indexOf(type & 0xFF) >= 0 ? LARGE : UNKNOWN;
    }
  };

  static final int UNKNOWN = -1;

  /// Longest body of the short kinds of messages (`PQ_SMALL_MESSAGE_LIMIT`).
  static final int SMALL = 10_000;

  /// Longest password or SASL message (`PG_MAX_AUTH_TOKEN_LENGTH`).
  static final int TOKEN = 65_535;

  /// One byte less than the largest allocation of a server (`MaxAllocSize`).
  static final int LARGE = 0x3FFF_FFFE;

  private static final String KNOWN_SERVER_TYPES = "RSKZTDCEN123nsIGHWvtAcdV";

  /// Largest permitted value of the length field, or [#UNKNOWN] for a type that this side never
  /// sends.
  abstract int maxLength(byte type);
}
