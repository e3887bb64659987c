package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import io.netty.buffer.ByteBuf;

/// What a client was given in answer to a request, as a number of messages and a digest of them.
/// Two answers with equal digests are taken to be equal: 64 bits against accidents, not against an
/// adversary.
///
/// Of an error only the SQLSTATE counts, since its text names processes and positions. What a
/// server may say at any time (notices, notifications, parameters) does not count at all.
final class AnswerDigest {
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private long value;
  private int messages;

  static boolean counts(byte type) {
    return switch (type) {
      case BackendType.NOTICE_RESPONSE,
          BackendType.NOTIFICATION_RESPONSE,
          BackendType.PARAMETER_STATUS ->
          false;
      default -> true;
    };
  }

  /// Takes one whole message, which must be of a type that counts; does not release it.
  void add(ByteBuf message) {
    messages++;
    if (message.getByte(message.readerIndex()) == BackendType.ERROR_RESPONSE) {
      String code = ErrorFields.read(message).code();
      for (int i = 0; i < code.length(); i++) {
        mix(code.charAt(i));
      }
      return;
    }
    addBytes(message);
  }

  /// Takes a part of a message that is too large to be held whole; the message counts with its last
  /// part.
  void addPiece(ByteBuf piece, boolean last) {
    addBytes(piece);
    if (last) {
      messages++;
    }
  }

  private void addBytes(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    for (; at + 8 <= end; at += 8) {
      mix(bytes.getLongLE(at));
    }
    for (; at < end; at++) {
      mix(bytes.getByte(at));
    }
    mix(bytes.readableBytes());
  }

  private void mix(long word) {
    long mixed = (value ^ word) * MULTIPLIER;
    value = mixed ^ mixed >>> 29;
  }

  long value() {
    return value;
  }

  int messages() {
    return messages;
  }

  boolean sameAs(AnswerDigest other) {
    return value == other.value && messages == other.messages;
  }
}
