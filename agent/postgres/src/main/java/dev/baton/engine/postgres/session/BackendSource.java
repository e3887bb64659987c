package dev.baton.engine.postgres.session;

import dev.baton.net.BackendConnector.Purpose;
import io.netty.buffer.ByteBuf;

/// Opens backends as the session's user, with the session's start-up parameters.
interface BackendSource {
  /// Connects and logs in; `listener` is told on the session's event loop.
  void open(String host, long epoch, Purpose purpose, Listener listener);

  /// What a backend says. Nothing is said after `lost` or after the port was closed.
  interface Listener {
    void opened(BackendPort backend);

    /// It could not be opened.
    void refused(String why);

    /// One whole message, to be released by the listener.
    void message(ByteBuf message);

    /// Part of a message that is larger than the bound for whole ones.
    void piece(byte type, ByteBuf piece, boolean first, boolean last);

    /// Everything that was there to be read has been told.
    void readComplete();

    /// Whether what is written to the backend is sent as fast as it is written.
    void writable(boolean yes);

    void lost();
  }
}
