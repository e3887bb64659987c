package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// One frame: `length u32 | version u8 | type u8 | cluster u64 | epoch u64 | payload | crc u32`.
/// The length counts what follows it; the CRC-32C covers all between the two. Whoever holds a frame
/// owns its payload and releases it.
///
/// @param epoch of the service that the frame is about; 0 when it is about none
record Frame(FrameType type, long epoch, ByteBuf payload) implements ReferenceCounted {
  /// Of the layout of a frame.
  static final int VERSION = 1;

  static final int HEADER_BYTES = 1 + 1 + 8 + 8;
  static final int CHECKSUM_BYTES = 4;

  /// The payload is written by the caller between `begin` and `end`.
  static ByteBuf begin(ByteBufAllocator allocator, FrameType type, long clusterHash, long epoch) {
    ByteBuf frame = allocator.buffer(128);
    frame.writeInt(0).writeByte(VERSION).writeByte(type.code());
    frame.writeLong(clusterHash).writeLong(epoch);
    return frame;
  }

  static ByteBuf end(ByteBuf frame) {
    frame.setInt(frame.readerIndex(), frame.readableBytes() - 4 + CHECKSUM_BYTES);
    int checksum = checksum(frame, frame.readerIndex() + 4, frame.readableBytes() - 4);
    return frame.writeInt(checksum);
  }

  static int checksum(ByteBuf bytes, int index, int length) {
    CRC32C crc = new CRC32C();
    for (ByteBuffer piece : bytes.nioBuffers(index, length)) {
      crc.update(piece);
    }
    return (int) crc.getValue();
  }

  static void writeText(ByteBuf frame, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xFFFF) {
      throw new IllegalArgumentException("text of " + bytes.length + " bytes in a frame");
    }
    frame.writeShort(bytes.length).writeBytes(bytes);
  }

  /// @throws PeerException when the payload ends before
  static String readText(ByteBuf payload) throws PeerException {
    need(payload, 2);
    int length = payload.readUnsignedShort();
    need(payload, length);
    return payload.readString(length, StandardCharsets.UTF_8);
  }

  static long readLong(ByteBuf payload) throws PeerException {
    need(payload, 8);
    return payload.readLong();
  }

  static byte[] readBytes(ByteBuf payload, int length) throws PeerException {
    need(payload, length);
    byte[] bytes = new byte[length];
    payload.readBytes(bytes);
    return bytes;
  }

  static void need(ByteBuf payload, int bytes) throws PeerException {
    if (bytes < 0 || payload.readableBytes() < bytes) {
      throw new PeerException(
          PeerError.MALFORMED,
          "payload has " + payload.readableBytes() + " bytes left where " + bytes + " belong");
    }
  }

  @Override
  public int refCnt() {
    return payload.refCnt();
  }

  @Override
  public Frame retain() {
    payload.retain();
    return this;
  }

  @Override
  public Frame retain(int increment) {
    payload.retain(increment);
    return this;
  }

  @Override
  public Frame touch() {
    payload.touch();
    return this;
  }

  @Override
  public Frame touch(Object hint) {
    payload.touch(hint);
    return this;
  }

  @Override
  public boolean release() {
    return payload.release();
  }

  @Override
  public boolean release(int decrement) {
    return payload.release(decrement);
  }
}
