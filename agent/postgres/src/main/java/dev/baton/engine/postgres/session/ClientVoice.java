package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// What the session tells its client on its own account.
record ClientVoice(ClientPort client, SessionState state) {
  void error(ErrorFields error) {
    ByteBuf out = Unpooled.buffer(128);
    error.writeError(out);
    client.write(out);
  }

  void ready(TransactionStatus then) {
    ByteBuf out = Unpooled.buffer(6);
    BackendMessages.readyForQuery(out, then);
    client.write(out);
  }

  /// A warning that the client's program may show.
  void warn(ErrorFields warning) {
    ByteBuf out = Unpooled.buffer(128);
    warning.writeNotice(out);
    client.write(out);
  }

  /// Repeats what the client knows: nothing that a driver shows.
  void keepAlive() {
    String name = state.reportedValue("application_name");
    if (name != null) {
      ByteBuf out = Unpooled.buffer(32);
      BackendMessages.parameterStatus(out, "application_name", name);
      client.write(out);
      client.flush();
    }
  }
}
