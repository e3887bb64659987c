package dev.baton.engine.postgres.session;

import io.netty.buffer.ByteBuf;
import java.util.Map;

/// A logged-in connection to an instance. Confined to the session's event loop.
interface BackendPort {
  String host();

  long epoch();

  /// What the server reported at login, by name.
  Map<String, String> parameters();

  /// Takes over `message`.
  void write(ByteBuf message);

  void flush();

  void reading(boolean on);

  /// Asks the server to cancel what this backend is doing.
  void cancel();

  void close();
}
