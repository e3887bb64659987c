package dev.baton.engine.postgres.admin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/// The client's side of a running copy (`START_REPLICATION`, `BASE_BACKUP`, `COPY`). Used on its
/// event loop only.
public interface CopyStream {
  EventLoop eventLoop();

  /// Sends `data` as one CopyData and releases it.
  void send(ByteBuf data);

  /// Ends the client's direction.
  void sendDone();

  /// With false the server is slowed down by its own full socket.
  void setAutoRead(boolean autoRead);

  /// Ends the connection at once; the command's future fails.
  void abort(String reason);

  /// What a command with a copy tells, in this order, on the connection's event loop.
  interface Listener {
    /// A whole result before the copy; `BASE_BACKUP` sends two.
    default void rows(Rows rows) {}

    /// The server entered the copy.
    void started(CopyStream stream);

    /// The body of one CopyData, which the listener releases.
    void data(ByteBuf body);

    /// The server ended its direction. In a copy of both directions the client ends its own with
    /// [CopyStream#sendDone], unless it has.
    default void done() {}
  }
}
