package dev.baton.service.peer;

/// Why an agent refuses what another one sent. The code stands on the wire and is never given a new
/// meaning.
public enum PeerError {
  WRONG_CLUSTER(1),
  VERSION_SKEW(2),
  BAD_CHECKSUM(3),
  MALFORMED(4),
  TOO_LONG(5),
  TRUNCATED(6),
  NOT_AUTHENTIC(7),
  UNEXPECTED_FRAME(8),
  /// The frame's epoch has ended; the error's frame carries the present one.
  STALE_EPOCH(9),
  /// The frame's epoch has not been heard of here yet; worth another try.
  FUTURE_EPOCH(10),
  DUPLICATE_SEQUENCE(11),
  MISSING_SEQUENCE(12),
  NO_MEMORY(13),
  DOOR_CLOSED(14),
  NO_METHOD(15),
  CALL_FAILED(16),
  /// The door is open but the instance behind it takes no connection.
  INSTANCE_UNREACHABLE(17),
  /// Nothing came in time. Never on the wire.
  TIMED_OUT(100),
  /// There is no connection. Never on the wire.
  UNREACHABLE(101);

  private final int code;

  PeerError(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static PeerError of(int code) {
    for (PeerError error : values()) {
      if (error.code == code) {
        return error;
      }
    }
    return MALFORMED;
  }
}
