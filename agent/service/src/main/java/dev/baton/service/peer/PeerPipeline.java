package dev.baton.service.peer;

import dev.baton.service.tls.MutualTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every connection between agents has in common: frames in, and errors out as frames.
final class PeerPipeline {
  private static final Logger LOG = LoggerFactory.getLogger(PeerPipeline.class);

  /// Largest frame between agents that know each other.
  static final int MAX_FRAME_BYTES = 8 << 20;

  /// An end that cannot be said to the other side is not waited for.
  private static final long GOODBYE_MILLIS = 100;

  static final String TLS = "tls";
  private static final String DECODER = "frames";
  private static final String HANDLER = "handler";
  private static final String ERRORS = "errors";

  private PeerPipeline() {}

  /// Somebody has connected.
  static void called(
      Channel channel, PeerIdentity self, RefusalLog refusals, ChannelHandler handshake) {
    MutualTls tls = self.tls();
    begin(channel, self, tls == null ? null : tls.called(), refusals, handshake);
  }

  /// This agent connects.
  ///
  /// @param host that is to answer
  static void calling(
      Channel channel,
      PeerIdentity self,
      String host,
      InetSocketAddress address,
      ChannelHandler handshake) {
    MutualTls tls = self.tls();
    begin(
        channel,
        self,
        tls == null ? null : tls.caller(host, address.getPort()),
        new RefusalLog(),
        handshake);
  }

  private static void begin(
      Channel channel,
      PeerIdentity self,
      @Nullable SSLEngine tls,
      RefusalLog refusals,
      ChannelHandler handshake) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    if (tls != null) {
      SslHandler handler = new SslHandler(tls);
      handler.setHandshakeTimeoutMillis(ServerHandshake.TIMEOUT_MILLIS);
      handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
      channel.pipeline().addLast(TLS, handler);
    }
    channel
        .pipeline()
        .addLast(DECODER, new FrameDecoder(self.clusterHash()))
        .addLast(HANDLER, handshake)
        .addLast(ERRORS, new Errors(self.clusterHash(), refusals));
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
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      first.close(); // past the handler of TLS, which would first send what waits, and a goodbye
    }
  }

  /// Tells the other side what was wrong, then ends the connection.
  private static final class Errors extends ChannelInboundHandlerAdapter {
    private final long clusterHash;
    private final RefusalLog refusals;

    Errors(long clusterHash, RefusalLog refusals) {
      this.clusterHash = clusterHash;
      this.refusals = refusals;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
      Throwable cause =
          thrown instanceof DecoderException && thrown.getCause() != null
              ? thrown.getCause()
              : thrown;
      if (cause instanceof PeerException refusal) {
        if (refusal.error() == PeerError.DOOR_CLOSED) {
          LOG.info("peer={} refused: {}", context.channel().remoteAddress(), refusal.getMessage());
        } else {
          refusals.refused(context.channel().remoteAddress(), String.valueOf(refusal.getMessage()));
        }
        if (context.channel().isActive()) {
          context
              .writeAndFlush(error(context.channel(), clusterHash, refusal))
              .addListener(ChannelFutureListener.CLOSE);
          return;
        }
      } else {
        MutualTls.refusal(cause)
            .ifPresentOrElse(
                why -> refusals.refused(context.channel().remoteAddress(), why),
                () ->
                    LOG.info(
                        "peer={} connection broke: {}",
                        context.channel().remoteAddress(),
                        cause.toString()));
      }
      context.close();
    }
  }
}
