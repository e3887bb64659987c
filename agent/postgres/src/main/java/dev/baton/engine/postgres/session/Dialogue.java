package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/// What one backend owes, in the order in which it was asked.
final class Dialogue {
  private final BackendPort backend;
  private final ArrayDeque<Answer> owed = new ArrayDeque<>();
  private TransactionStatus status = TransactionStatus.IDLE;
  private boolean written;

  Dialogue(BackendPort backend) {
    this.backend = backend;
  }

  BackendPort backend() {
    return backend;
  }

  /// As of the last ReadyForQuery.
  TransactionStatus status() {
    return status;
  }

  void write(ByteBuf message) {
    written = true;
    backend.write(message);
  }

  void owe(Answer answer) {
    owed.add(answer);
  }

  boolean owesNothing() {
    return owed.isEmpty();
  }

  void flush() {
    if (written) {
      written = false;
      backend.flush();
    }
  }

  /// @param unasked receives what the server says without being asked
  void received(ByteBuf message, Answer unasked) {
    byte type = message.getByte(message.readerIndex());
    Answer answer = owed.peek();
    if (type != BackendType.READY_FOR_QUERY) {
      (answer == null ? unasked : answer).message(type, message);
      return;
    }
    status = BackendMessages.readReadyForQuery(message);
    if (answer == null) {
      unasked.ready(status, message);
    } else {
      owed.poll();
      if (!answer.ready(status, message)) {
        owed.addFirst(answer);
      }
    }
  }

  void received(byte type, ByteBuf piece, boolean first, boolean last, Answer unasked) {
    Answer answer = owed.peek();
    (answer == null ? unasked : answer).piece(type, piece, first, last);
  }
}
