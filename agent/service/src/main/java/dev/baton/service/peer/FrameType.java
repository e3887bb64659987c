package dev.baton.service.peer;

import org.jspecify.annotations.Nullable;

/// Kinds of frames. The code stands on the wire and is never given a new meaning.
enum FrameType {
  HELLO(1),
  CHALLENGE(2),
  PROOF(3),
  WELCOME(4),
  ERROR(5),
  PING(6),
  PONG(7),
  CALL(8),
  RESULT(9),
  NOTICE(10),
  STREAM_OPEN(11),
  STREAM_STATE(12),
  REQUESTS(13),
  CREDIT(14),
  GATE(15),
  POSITION(16),
  STREAM_RESET(17),
  DOOR(18),
  DOOR_OPEN(19);

  private static final FrameType[] BY_CODE = new FrameType[20];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static @Nullable FrameType of(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
