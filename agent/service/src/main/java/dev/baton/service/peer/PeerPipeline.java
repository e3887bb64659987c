package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// What every connection between agents has in common: frames in, and errors out as frames.
final class PeerPipeline {
  private static final Logger LOG = LoggerFactory.getLogger(PeerPipeline.class);

  /// Largest frame between agents that know each other.
  static final int MAX_FRAME_BYTES = 8 << 20;

  private static final String DECODER = "frames";
  private static final String HANDLER = "handler";
  private static final String ERRORS = "errors";

  private PeerPipeline() {}

  static void begin(Channel channel, PeerIdentity self, ChannelHandler handshake) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel
        .pipeline()
        .addLast(DECODER, new FrameDecoder(self.clusterHash()))
        .addLast(HANDLER, handshake)
        .addLast(ERRORS, new Errors(self.clusterHash()));
  }

  /// The other side is known; from now on `handler` gets its frames.
  static void authenticated(ChannelPipeline pipeline, ChannelHandler handler) {
    ((FrameDecoder) pipeline.get(DECODER)).allow(MAX_FRAME_BYTES);
    pipeline.replace(HANDLER, HANDLER, handler);
  }

  /// No more frames: `handler` gets the bytes, beginning with those that came with the last frame.
  static void raw(ChannelPipeline pipeline, ChannelHandler handler) {
    pipeline.addLast(handler);
    pipeline.remove(HANDLER);
    pipeline.remove(ERRORS);
    pipeline.remove(DECODER);
  }

  static ByteBuf error(Channel channel, long clusterHash, PeerException refusal) {
    ByteBuf frame = Frame.begin(channel.alloc(), FrameType.ERROR, clusterHash, refusal.epoch());
    frame.writeShort(refusal.error().code());
    Frame.writeText(frame, String.valueOf(refusal.getMessage()));
    return Frame.end(frame);
  }

  static PeerException readError(Frame frame) throws PeerException {
    Frame.need(frame.payload(), 2);
    PeerError error = PeerError.of(frame.payload().readUnsignedShort());
    return new PeerException(error, frame.epoch(), "refused: " + Frame.readText(frame.payload()));
  }

  /// Ends the connection at once; what is still to be sent is not.
  static void reset(Channel channel) {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  /// Tells the other side what was wrong, then ends the connection.
  private static final class Errors extends ChannelInboundHandlerAdapter {
    private final long clusterHash;

    Errors(long clusterHash) {
      this.clusterHash = clusterHash;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
      Throwable cause =
          thrown instanceof DecoderException && thrown.getCause() != null
              ? thrown.getCause()
              : thrown;
      if (cause instanceof PeerException refusal) {
        Level level = refusal.error() == PeerError.DOOR_CLOSED ? Level.INFO : Level.WARN;
        LOG.atLevel(level)
            .log("peer={} refused: {}", context.channel().remoteAddress(), refusal.getMessage());
        if (context.channel().isActive()) {
          context
              .writeAndFlush(error(context.channel(), clusterHash, refusal))
              .addListener(ChannelFutureListener.CLOSE);
          return;
        }
      } else {
        LOG.info(
            "peer={} connection broke: {}", context.channel().remoteAddress(), cause.toString());
      }
      context.close();
    }
  }
}
