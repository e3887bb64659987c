package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;

/// What a server says without having been asked.
final class Unasked implements Answer {
  private final SessionState state;
  private final ClientPort client;

  Unasked(SessionState state, ClientPort client) {
    this.state = state;
    this.client = client;
  }

  @Override
  public void message(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.PARAMETER_STATUS -> {
        BackendMessages.ParameterStatus told = BackendMessages.readParameterStatus(message);
        if (told.value().equals(state.reportedValue(told.name()))) {
          message.release();
        } else {
          state.reported(told.name(), told.value());
          client.write(message);
        }
      }
      case BackendType.NOTICE_RESPONSE,
          BackendType.NOTIFICATION_RESPONSE,
          BackendType.ERROR_RESPONSE ->
          client.write(message);
      default -> message.release();
    }
  }

  @Override
  public boolean ready(TransactionStatus ready, ByteBuf message) {
    message.release();
    return true;
  }
}
