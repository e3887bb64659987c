package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Texts of messages as **byte strings**: each `char` is one byte of the wire, 1 to 255.
///
/// A client chooses its encoding, and a statement's name in LATIN1 is no valid UTF-8. Decoding it
/// would make two different names equal, and writing it again would send other bytes. So every
/// `String` in a record of this package, read or written, is a byte string. ASCII is the same
/// either way; other texts of our own go through [#of(String)], and what a person is to read comes
/// out of [#text(String)].
public final class ByteStrings {
  private ByteStrings() {}

  /// The UTF-8 bytes of `text` as a byte string.
  public static String of(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /// What a person reads: the bytes as UTF-8, with replacement characters where they are none.
  public static String text(String byteString) {
    return new String(byteString.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /// Writes the bytes and the terminating NUL.
  ///
  /// @throws IllegalArgumentException when a character is NUL or no byte, since it would end the
  ///   text early or arrive as another
  static void write(ByteBuf out, String byteString) {
    writeUnterminated(out, byteString);
    out.writeByte(0);
  }

  /// Like [#write], for texts whose length stands elsewhere.
  static void writeUnterminated(ByteBuf out, String byteString) {
    out.ensureWritable(byteString.length() + 1);
    for (int i = 0; i < byteString.length(); i++) {
      char c = byteString.charAt(i);
      if (c == 0 || c > 0xFF) {
        throw new IllegalArgumentException(
            "character " + (int) c + " at " + i + " cannot stand in a message");
      }
      out.writeByte(c);
    }
  }
}
