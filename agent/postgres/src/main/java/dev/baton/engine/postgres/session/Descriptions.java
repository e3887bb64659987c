package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendMessages.Column;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The row descriptions that answer Describes of the session's own.
final class Descriptions implements Answer {
  private final Answer unasked;
  private final Consumer<List<List<Column>>> end;
  private final List<List<Column>> descriptions = new ArrayList<>(1);

  Descriptions(Answer unasked, Consumer<List<List<Column>>> end) {
    this.unasked = unasked;
    this.end = end;
  }

  @Override
  public void message(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.PARAMETER_STATUS, BackendType.NOTIFICATION_RESPONSE ->
          unasked.message(type, message);
      case BackendType.ROW_DESCRIPTION -> {
        descriptions.add(BackendMessages.readRowDescription(message));
        message.release();
      }
      default -> message.release();
    }
  }

  @Override
  public boolean ready(TransactionStatus status, ByteBuf ready) {
    ready.release();
    end.accept(descriptions);
    return true;
  }
}
