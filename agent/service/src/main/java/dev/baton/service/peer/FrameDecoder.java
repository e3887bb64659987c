package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/// Cuts frames out of the bytes of a connection and checks them. What does not fit ends the
/// connection with an error that says why.
final class FrameDecoder extends ByteToMessageDecoder {
  /// Before the other side has proven who it is, it gets no more room than a hello needs.
  static final int STRANGER_BYTES = 2048;

  /// How records of TLS begin: their kind, and 3 as the version's first number. No frame is as
  /// long.
  private static final long TLS_HANDSHAKE = 0x1603;

  private static final long TLS_ALERT = 0x1503;

  private final long clusterHash;
  private int maxBytes = STRANGER_BYTES;

  FrameDecoder(long clusterHash) {
    this.clusterHash = clusterHash;
  }

  /// Called once the other side is known.
  void allow(int bytes) {
    maxBytes = bytes;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws PeerException {
    if (in.readableBytes() < 4) {
      return;
    }
    int start = in.readerIndex();
    long length = in.getUnsignedInt(start);
    if (length >>> 16 == TLS_HANDSHAKE || length >>> 16 == TLS_ALERT) {
      throw new PeerException(
          PeerError.MALFORMED, "it speaks TLS, and here peers.tls is not set in agent.yaml");
    }
    if (length > maxBytes) {
      throw new PeerException(
          PeerError.TOO_LONG, "frame of " + length + " bytes, at most " + maxBytes);
    }
    if (length < Frame.HEADER_BYTES + Frame.CHECKSUM_BYTES) {
      throw new PeerException(PeerError.MALFORMED, "frame of " + length + " bytes");
    }
    if (in.readableBytes() < 4 + length) {
      return;
    }
    int body = (int) length - Frame.CHECKSUM_BYTES;
    int version = in.getUnsignedByte(start + 4);
    if (version != Frame.VERSION) {
      throw new PeerException(
          PeerError.VERSION_SKEW, "frames of version " + version + ", here " + Frame.VERSION);
    }
    if (in.getInt(start + 4 + body) != Frame.checksum(in, start + 4, body)) {
      throw new PeerException(PeerError.BAD_CHECKSUM, "frame of " + length + " bytes");
    }
    FrameType type = FrameType.of(in.getUnsignedByte(start + 5));
    if (type == null) {
      throw new PeerException(PeerError.UNEXPECTED_FRAME, "type " + in.getUnsignedByte(start + 5));
    }
    if (in.getLong(start + 6) != clusterHash) {
      throw new PeerException(PeerError.WRONG_CLUSTER, "the frame is for another cluster");
    }
    long epoch = in.getLong(start + 14);
    in.skipBytes(4 + Frame.HEADER_BYTES);
    out.add(new Frame(type, epoch, in.readRetainedSlice(body - Frame.HEADER_BYTES)));
    in.skipBytes(Frame.CHECKSUM_BYTES);
  }

  @Override
  protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    super.decodeLast(context, in, out);
    if (out.isEmpty() && in.isReadable() && !context.channel().isActive()) {
      int left = in.readableBytes();
      in.skipBytes(left);
      throw new PeerException(
          PeerError.TRUNCATED, "the connection ended " + left + " bytes into a frame");
    }
  }
}
