package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;

/// The packets that open a connection; they have no type byte.
public sealed interface StartupPacket {
  int VERSION_3_0 = 3 << 16;
  int VERSION_3_2 = 3 << 16 | 2;

  int CANCEL_REQUEST = 1234 << 16 | 5678;
  int SSL_REQUEST = 1234 << 16 | 5679;
  int GSS_ENC_REQUEST = 1234 << 16 | 5680;

  /// Largest packet with its length field (`MAX_STARTUP_PACKET_LENGTH` and the field).
  int MAX_BYTES = 10_004;

  /// Length field and code.
  int MIN_BYTES = 8;

  record SslRequest() implements StartupPacket {}

  record GssEncRequest() implements StartupPacket {}

  /// @param key 4 bytes in protocol 3.0, up to 256 in 3.2
  record CancelRequest(int processId, SecretBytes key) implements StartupPacket {}

  /// @param version major in the upper, minor in the lower 16 bits; any that is none of the codes
  ///   above, spoken or not
  /// @param body what follows the version, a byte string not yet looked at: it has a meaning only
  ///   in version 3
  record Startup(int version, String body) implements StartupPacket {
    public int major() {
      return version >>> 16;
    }

    public int minor() {
      return version & 0xFFFF;
    }

    /// Names and values as byte strings, in order; of a repeated one the last counts, as it does
    /// for a server.
    ///
    /// A last byte that is no NUL passes where a server lets it pass.
    public Map<String, String> parameters() {
      Map<String, String> parameters = new LinkedHashMap<>();
      int at = 0;
      while (at < body.length() && body.charAt(at) != 0) {
        int nameEnd = endOfText(at);
        int valueAt = nameEnd + 1;
        if (valueAt >= body.length()) {
          break;
        }
        int valueEnd = endOfText(valueAt);
        parameters.put(body.substring(at, nameEnd), body.substring(valueAt, valueEnd));
        at = valueEnd + 1;
      }
      if (at != body.length() - 1) {
        throw new MalformedMessage(
            MalformedMessage.Kind.CONTENT,
            "startup packet: invalid layout: expected terminator as last byte");
      }
      return parameters;
    }

    private int endOfText(int from) {
      int nul = body.indexOf(0, from);
      return nul < 0 ? body.length() : nul;
    }

    @Override
    public String toString() {
      return "Startup[%d.%d, %d bytes]".formatted(major(), minor(), body.length());
    }
  }

  /// Checks the length field alone, so that a wrong one is refused before its bytes are waited for.
  ///
  /// @param in at least 4 bytes
  /// @return size of the packet with its length field
  static int packetBytes(ByteBuf in) {
    int length = in.getInt(in.readerIndex());
    if (length < MIN_BYTES || length > MAX_BYTES) {
      throw new MalformedMessage(
          MalformedMessage.Kind.LENGTH, "invalid length of startup packet: " + length);
    }
    return length;
  }

  /// Reads one whole packet.
  static StartupPacket read(ByteBuf packet) {
    BodyReader body = BodyReader.ofPacket(packet, "startup packet");
    int length = body.int32();
    if (length != packet.readableBytes() || length < MIN_BYTES) {
      throw new MalformedMessage(
          MalformedMessage.Kind.LENGTH,
          "startup packet says %d bytes and has %d".formatted(length, packet.readableBytes()));
    }
    int code = body.int32();
    return switch (code) {
      case SSL_REQUEST -> new SslRequest();
      case GSS_ENC_REQUEST -> new GssEncRequest();
      case CANCEL_REQUEST -> readCancel(body);
      default -> new Startup(code, body.bytesAsString(body.remaining()));
    };
  }

  private static CancelRequest readCancel(BodyReader body) {
    int keyBytes = body.remaining() - 4;
    if (keyBytes < 4 || keyBytes > BackendMessages.MAX_CANCEL_KEY_BYTES) {
      throw new MalformedMessage(
          MalformedMessage.Kind.LENGTH, "invalid length of cancel request packet");
    }
    return new CancelRequest(body.int32(), SecretBytes.of(body.bytes(keyBytes)));
  }

  static void writeStartup(ByteBuf out, int version, Map<String, String> parameters) {
    int start = out.writerIndex();
    out.writeInt(0);
    out.writeInt(version);
    parameters.forEach(
        (name, value) -> {
          ByteStrings.write(out, name);
          ByteStrings.write(out, value);
        });
    out.writeByte(0);
    Framing.end(out, start);
  }

  static void writeSslRequest(ByteBuf out) {
    out.writeInt(MIN_BYTES);
    out.writeInt(SSL_REQUEST);
  }

  static void writeCancelRequest(ByteBuf out, int processId, SecretBytes key) {
    out.writeInt(12 + key.length());
    out.writeInt(CANCEL_REQUEST);
    out.writeInt(processId);
    out.writeBytes(key.toArray());
  }
}
