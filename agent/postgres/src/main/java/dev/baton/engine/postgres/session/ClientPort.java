package dev.baton.engine.postgres.session;

import io.netty.buffer.ByteBuf;

/// The client's connection, after its login. Confined to the session's event loop.
interface ClientPort {
  /// Takes over `message`.
  void write(ByteBuf message);

  void flush();

  /// Whether more is read from the client: the session's back-pressure.
  void reading(boolean on);

  /// Sends what was written, then closes.
  void close();
}
