package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;

/// Receives what a backend answers up to and including one ReadyForQuery.
interface Answer {
  /// Takes over `message`, which is anything but ReadyForQuery.
  void message(byte type, ByteBuf message);

  /// Takes over `ready`, the message itself.
  ///
  /// @return false when this ReadyForQuery is not the answer's end
  boolean ready(TransactionStatus status, ByteBuf ready);

  /// Takes over part of a message that is too large to be held whole.
  default void piece(byte type, ByteBuf piece, boolean first, boolean last) {
    piece.release();
  }
}
