package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendMessages.ParameterStatus;
import io.netty.buffer.ByteBuf;

/// What the server reports of its parameters, which decides how texts are read.
final class Reported {
  private Reported() {}

  /// Does not release the message.
  static void take(SessionState state, ByteBuf message) {
    ParameterStatus status = BackendMessages.readParameterStatus(message);
    state.reported(status.name(), status.value());
  }
}
