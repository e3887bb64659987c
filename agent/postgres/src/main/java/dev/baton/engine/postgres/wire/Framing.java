package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all writers share: the header, whose length is set when the body is written.
final class Framing {
  private Framing() {}

  /// @return where the length field stands
  static int begin(ByteBuf out, byte type) {
    out.writeByte(type);
    int start = out.writerIndex();
    out.writeInt(0);
    return start;
  }

  static void end(ByteBuf out, int start) {
    out.setInt(start, out.writerIndex() - start);
  }

  static void empty(ByteBuf out, byte type) {
    out.writeByte(type);
    out.writeInt(4);
  }

  static void count16(ByteBuf out, int count) {
    if (count > 0xFFFF) {
      throw new IllegalArgumentException("a message counts up to 65535, not " + count);
    }
    out.writeShort(count);
  }

  /// Values as text, each with its length; these are texts, not byte strings, and go out in UTF-8.
  static void values(ByteBuf out, List<@Nullable String> values) {
    count16(out, values.size());
    for (String value : values) {
      if (value == null) {
        out.writeInt(-1);
      } else {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.writeBytes(bytes);
      }
    }
  }
}
