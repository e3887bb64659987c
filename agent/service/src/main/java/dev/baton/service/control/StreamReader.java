package dev.baton.service.control;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.util.concurrent.TimeUnit;

/// How far one reader of the stream is. Its fields are confined to the feed's thread.
final class StreamReader {
  /// Has seen nothing.
  static final long NEW = -1;

  private static final long CLOSE_MILLIS = 2_000;

  private final Channel channel;

  /// Sequence of the last message that was given to it.
  long seen;

  /// True until it was told where it stands: by a snapshot, or by the deltas after `seen`.
  boolean joining = true;

  /// The message that is on its way; at most one, so that a slow reader holds one message and not a
  /// queue.
  boolean sending;

  long sendingSinceNanos;

  StreamReader(Channel channel, long seen) {
    this.channel = channel;
    this.seen = seen;
  }

  ChannelFuture send(byte[] message) {
    return channel.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(message)));
  }

  /// Says why, and closes for good when the peer does not even take that.
  void close(WebSocketCloseStatus status, String reason) {
    channel
        .writeAndFlush(new CloseWebSocketFrame(status.code(), reason))
        .addListener(_ -> channel.close());
    channel.eventLoop().schedule(() -> channel.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public String toString() {
    return String.valueOf(channel.remoteAddress());
  }
}
