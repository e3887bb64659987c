package dev.baton.engine.postgres.wire;

import io.netty.handler.codec.DecoderException;

/// Input that is no message of the protocol. The text says what was wrong and where.
public final class MalformedMessage extends DecoderException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String message;

  public MalformedMessage(Kind kind, String message) {
    super(message);
    this.kind = kind;
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }

  public Kind kind() {
    return kind;
  }

  /// A server treats them differently, and so must whoever stands in for it.
  public enum Kind {
    /// The length field is out of range: the stream cannot be followed any more. A server closes
    /// the connection without an answer.
    LENGTH,
    /// No such message type: FATAL 08P01, and the connection is closed.
    TYPE,
    /// The body does not fit its type: ERROR 08P01 (FATAL before login is over).
    CONTENT
  }
}
