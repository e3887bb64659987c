package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Reads the body of one whole message, checking every bound. Does not move the reader index of the
/// message and owns nothing.
final class BodyReader {
  private final String name;
  private final ByteBuf in;
  private final int end;
  private int at;

  private BodyReader(String name, ByteBuf in, int start) {
    this.name = name;
    this.in = in;
    this.at = start;
    this.end = in.writerIndex();
  }

  /// @param message one whole message, as the decoder hands it on
  /// @param name of the message, for errors
  static BodyReader of(ByteBuf message, byte type, String name) {
    if (message.readableBytes() < MessageDecoder.HEADER_BYTES) {
      throw new MalformedMessage(
          MalformedMessage.Kind.CONTENT, name + ": no whole header in the buffer");
    }
    byte found = message.getByte(message.readerIndex());
    if (found != type) {
      throw new MalformedMessage(
          MalformedMessage.Kind.CONTENT,
          "expected %s, got message type '%s'".formatted(name, (char) found));
    }
    return new BodyReader(name, message, message.readerIndex() + MessageDecoder.HEADER_BYTES);
  }

  /// @param packet a start-up packet, which has no type byte; reading begins at its length
  static BodyReader ofPacket(ByteBuf packet, String name) {
    return new BodyReader(name, packet, packet.readerIndex());
  }

  byte int8() {
    need(1);
    return in.getByte(at++);
  }

  short int16() {
    need(2);
    short value = in.getShort(at);
    at += 2;
    return value;
  }

  int int32() {
    need(4);
    int value = in.getInt(at);
    at += 4;
    return value;
  }

  /// A count field of 16 bits, which clients may use up to 65,535.
  int count16() {
    return int16() & 0xFFFF;
  }

  /// A text that NUL ends, as a byte string.
  String string() {
    int nul = in.indexOf(at, end, (byte) 0);
    if (nul < 0) {
      throw wrong("text without terminator");
    }
    String value = in.toString(at, nul - at, StandardCharsets.ISO_8859_1);
    at = nul + 1;
    return value;
  }

  byte[] bytes(int length) {
    if (length < 0) {
      throw wrong("negative length " + length);
    }
    need(length);
    byte[] value = new byte[length];
    in.getBytes(at, value);
    at += length;
    return value;
  }

  String bytesAsString(int length) {
    return text(length, StandardCharsets.ISO_8859_1);
  }

  String utf8(int length) {
    return text(length, StandardCharsets.UTF_8);
  }

  private String text(int length, Charset charset) {
    if (length < 0) {
      throw wrong("negative length " + length);
    }
    need(length);
    String value = in.toString(at, length, charset);
    at += length;
    return value;
  }

  int remaining() {
    return end - at;
  }

  void atEnd() {
    if (at != end) {
      throw wrong(end - at + " bytes too many");
    }
  }

  MalformedMessage wrong(String what) {
    return new MalformedMessage(
        MalformedMessage.Kind.CONTENT,
        "%s: %s at byte %d".formatted(name, what, at - in.readerIndex()));
  }

  private void need(int bytes) {
    if (end - at < bytes) {
      throw wrong("%d bytes needed, %d left".formatted(bytes, end - at));
    }
  }
}
