package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import org.jspecify.annotations.Nullable;

/// The caller's side of the hello.
final class CallerHandshake extends SimpleChannelInboundHandler<Frame> {
  private final PeerIdentity self;
  private final String target;
  private final Connection connection;
  private final Outcome outcome;
  private final byte[] nonce = Handshake.nonce();
  private boolean proven;
  private boolean told;

  interface Outcome {
    /// The other side is known. The implementation puts its own handler into the pipeline.
    void welcomed(ChannelHandlerContext context);

    /// The connection ends.
    void refused(Throwable reason);
  }

  /// @param target host that is to answer; another one is not talked to
  CallerHandshake(PeerIdentity self, String target, Connection connection, Outcome outcome) {
    this.self = self;
    this.target = target;
    this.connection = connection;
    this.outcome = outcome;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ByteBuf hello = Frame.begin(context.alloc(), FrameType.HELLO, self.clusterHash(), 0);
    hello.writeByte(Handshake.OLDEST_VERSION).writeByte(Handshake.NEWEST_VERSION);
    hello.writeByte(connection.code()).writeBytes(nonce);
    Frame.writeText(hello, self.host());
    context.writeAndFlush(Frame.end(hello));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Frame frame) throws PeerException {
    switch (frame.type()) {
      case CHALLENGE -> answer(context, frame.payload());
      case WELCOME -> {
        if (!proven) {
          throw new PeerException(PeerError.NOT_AUTHENTIC, "welcomed before the challenge");
        }
        told = true;
        outcome.welcomed(context);
      }
      case ERROR -> throw PeerPipeline.readError(frame);
      default -> throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " in hello");
    }
  }

  private void answer(ChannelHandlerContext context, ByteBuf challenge) throws PeerException {
    Frame.need(challenge, 1);
    int version = challenge.readUnsignedByte();
    if (version < Handshake.OLDEST_VERSION || version > Handshake.NEWEST_VERSION) {
      throw new PeerException(PeerError.VERSION_SKEW, "the other side chose version " + version);
    }
    byte[] serverNonce = Frame.readBytes(challenge, Handshake.NONCE_BYTES);
    byte[] serverProof = Frame.readBytes(challenge, Handshake.PROOF_BYTES);
    String host = Frame.readText(challenge);
    Handshake.Said said =
        new Handshake.Said(self.host(), connection, nonce, version, host, serverNonce);
    if (!host.equals(target) || !Handshake.same(serverProof, said.serverProof(self))) {
      throw new PeerException(
          PeerError.NOT_AUTHENTIC, "expected host " + target + ", got '" + host + "'");
    }
    proven = true;
    ByteBuf proof = Frame.begin(context.alloc(), FrameType.PROOF, self.clusterHash(), 0);
    proof.writeBytes(said.callerProof(self));
    context.writeAndFlush(Frame.end(proof));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
    Throwable cause = thrown.getCause() instanceof PeerException refusal ? refusal : thrown;
    refuse(cause);
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    refuse(null);
    context.fireChannelInactive();
  }

  private void refuse(@Nullable Throwable reason) {
    if (!told) {
      told = true;
      outcome.refused(
          reason != null
              ? reason
              : new PeerException(
                  PeerError.UNREACHABLE, target + " ended the connection during the hello"));
    }
  }
}
