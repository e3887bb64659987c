package dev.baton.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/// Opens byte streams to a service's instance, through the door of the host's agent. The local door
/// connects straight to the instance; a remote one is reached over the peer port, says hello with
/// the epoch, and then is a plain relay of bytes.
public interface BackendConnector {
  /// Connects on `loop`. The channel is given when bytes can be sent to the instance; `handler` is
  /// then the only handler in its pipeline. Fails with `DoorClosedException` when the host's door
  /// is not open for `epoch` and `purpose`, and with the connection's own error else.
  Future<Channel> connect(
      EventLoop loop,
      String service,
      String host,
      long epoch,
      Purpose purpose,
      ChannelHandler handler);

  enum Purpose {
    /// A client's work; only at the home, only in its epoch.
    WORK,
    /// A spare backend on a standby; no client's statement goes there before the door opens.
    TWIN,
    /// Receiving the log, or copying the database.
    REPLICATION,
    /// The agents' own questions.
    ADMIN
  }

  /// The host's agent does not let this stream through now.
  final class DoorClosedException extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    public DoorClosedException(String message) {
      super(message);
    }
  }
}
