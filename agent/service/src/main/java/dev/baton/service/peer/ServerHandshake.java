package dev.baton.service.peer;

import dev.baton.service.tls.CertificateRefused;
import dev.baton.service.tls.MutualTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The server's side of the hello. A caller has five seconds for it, TLS among them, and can make
/// this side hold no more than one small frame.
final class ServerHandshake extends SimpleChannelInboundHandler<Frame> {
  static final long TIMEOUT_MILLIS = 5000;

  private final PeerIdentity self;
  private final Accepted accepted;
  private Handshake.@Nullable Said said;
  private @Nullable Future<?> timeout;

  @FunctionalInterface
  interface Accepted {
    /// The caller is known. The implementation puts its own handler into the pipeline.
    void accepted(ChannelHandlerContext context, String host, Connection connection)
        throws PeerException;
  }

  ServerHandshake(PeerIdentity self, Accepted accepted) {
    this.self = self;
    this.accepted = accepted;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    timeout =
        context.executor().schedule(() -> context.close(), TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) throws PeerException {
    Handshake.Said known = said;
    if (frame.type() == FrameType.HELLO && known == null) {
      challenge(context, frame.payload());
    } else if (frame.type() == FrameType.PROOF && known != null) {
      byte[] proof = Frame.readBytes(frame.payload(), Handshake.PROOF_BYTES);
      if (!Handshake.same(proof, known.callerProof(self))) {
        throw new PeerException(PeerError.NOT_AUTHENTIC, "the caller has another secret");
      }
      stopTimeout();
      context.writeAndFlush(
          Frame.end(Frame.begin(context.alloc(), FrameType.WELCOME, self.clusterHash(), 0)));
      accepted.accepted(context, known.callerHost(), known.connection());
    } else {
      throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " in hello");
    }
  }

  private void challenge(ChannelHandlerContext context, ByteBuf hello) throws PeerException {
    Frame.need(hello, 3);
    int oldest = hello.readUnsignedByte();
    int newest = hello.readUnsignedByte();
    int version = Math.min(newest, Handshake.NEWEST_VERSION);
    if (version < oldest || version < Handshake.OLDEST_VERSION) {
      throw new PeerException(
          PeerError.VERSION_SKEW,
          "caller speaks " + oldest + " to " + newest + ", here up to " + Handshake.NEWEST_VERSION);
    }
    Connection connection = Connection.of(hello.readUnsignedByte());
    byte[] callerNonce = Frame.readBytes(hello, Handshake.NONCE_BYTES);
    String caller = Frame.readText(hello);
    certified(context, caller);
    byte[] serverNonce = Handshake.nonce();
    Handshake.Said now =
        new Handshake.Said(caller, connection, callerNonce, version, self.host(), serverNonce);
    said = now;
    ByteBuf challenge = Frame.begin(context.alloc(), FrameType.CHALLENGE, self.clusterHash(), 0);
    challenge.writeByte(version).writeBytes(serverNonce).writeBytes(now.serverProof(self));
    Frame.writeText(challenge, self.host());
    context.writeAndFlush(Frame.end(challenge));
  }

  /// The certificate was found to be one of the cluster's; now it is known whose it has to be.
  private void certified(ChannelHandlerContext context, String caller) throws PeerException {
    MutualTls tls = self.tls();
    SslHandler handler = context.pipeline().get(SslHandler.class);
    if (tls == null || handler == null) {
      return; // plain text, on the loopback address
    }
    try {
      tls.mustBe(caller, handler.engine());
    } catch (CertificateRefused e) {
      throw new PeerException(PeerError.NOT_AUTHENTIC, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stopTimeout();
  }

  private void stopTimeout() {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }
}
