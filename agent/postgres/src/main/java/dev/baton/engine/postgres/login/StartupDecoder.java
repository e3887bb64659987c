package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/// Cuts the packets that open a connection. Checks a length as soon as it is there; so no more than
/// [StartupPacket#MAX_BYTES] are ever gathered.
final class StartupDecoder extends ByteToMessageDecoder {
  /// First byte of a TLS record with a handshake, which no start-up packet can begin with.
  private static final int TLS_HANDSHAKE = 0x16;

  private boolean atBeginning;

  /// @param atBeginning whether nothing was read from the connection yet: only there may TLS begin
  ///   without a request
  StartupDecoder(boolean atBeginning) {
    this.atBeginning = atBeginning;
  }

  /// What a client opens with.
  sealed interface Opening {
    /// @param moreBytes whether the client sent more before it could have an answer
    record Packet(StartupPacket packet, boolean moreBytes) implements Opening {}

    record DirectTls() implements Opening {}
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (atBeginning) {
      atBeginning = false;
      if (in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE) {
        // Nothing was taken: all of it belongs to the handler that replaces this one now.
        ctx.fireChannelRead(new Opening.DirectTls());
        return;
      }
    }
    if (in.readableBytes() < 4) {
      return;
    }
    try {
      decodePacket(in, out);
    } catch (MalformedMessage e) {
      // What follows a wrong length means nothing, also when the connection ends.
      in.skipBytes(in.readableBytes());
      throw e;
    }
  }

  private static void decodePacket(ByteBuf in, List<Object> out) {
    int packetBytes = StartupPacket.packetBytes(in);
    if (in.readableBytes() < packetBytes) {
      return;
    }
    StartupPacket packet = StartupPacket.read(in.slice(in.readerIndex(), packetBytes));
    in.skipBytes(packetBytes);
    out.add(new Opening.Packet(packet, in.isReadable()));
  }
}
