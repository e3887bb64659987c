package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The answer to something that the session asked on its own account. Nothing of it goes to the
/// client, except what the server says to everyone at any time.
final class Swallowed implements Answer {
  /// Told at ReadyForQuery.
  @FunctionalInterface
  interface End {
    /// @param error the first one; null when there was none
    /// @param value the first 8 bytes of a FunctionCallResponse; 0 when NULL or none
    void ended(TransactionStatus status, @Nullable ErrorFields error, long value);
  }

  private final Answer unasked;
  private final End end;
  private @Nullable ErrorFields error;
  private long value;

  Swallowed(Answer unasked, End end) {
    this.unasked = unasked;
    this.end = end;
  }

  @Override
  public void message(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.PARAMETER_STATUS, BackendType.NOTIFICATION_RESPONSE ->
          unasked.message(type, message);
      case BackendType.ERROR_RESPONSE -> {
        if (error == null) {
          error = ErrorFields.read(message);
        }
        message.release();
      }
      case BackendType.FUNCTION_CALL_RESPONSE -> {
        value = functionResult(message);
        message.release();
      }
      default -> message.release();
    }
  }

  /// Result of the question for the transaction's id: 8 bytes, or NULL as 0, which is no valid id.
  static long functionResult(ByteBuf message) {
    int body = message.readerIndex() + 5;
    return message.readableBytes() == 17 && message.getInt(body) == 8
        ? message.getLong(body + 4)
        : 0;
  }

  @Override
  public boolean ready(TransactionStatus status, ByteBuf ready) {
    ready.release();
    end.ended(status, error, value);
    return true;
  }
}
