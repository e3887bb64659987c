package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// The messages of type `R`.
public sealed interface Authentication {
  record Ok() implements Authentication {}

  record CleartextPassword() implements Authentication {}

  record Sasl(List<String> mechanisms) implements Authentication {}

  record SaslContinue(String text) implements Authentication {}

  record SaslFinal(String text) implements Authentication {}

  /// A method that nobody here speaks: md5 5, GSS 7 and 8, SSPI 9, and those of long ago.
  record Unsupported(int method) implements Authentication {}

  private static String rest(BodyReader body) {
    return body.bytesAsString(body.remaining());
  }

  static Authentication read(ByteBuf message) {
    BodyReader body = BodyReader.of(message, BackendType.AUTHENTICATION, "Authentication");
    int method = body.int32();
    return switch (method) {
      case 0 -> {
        body.atEnd();
        yield new Ok();
      }
      case 3 -> new CleartextPassword();
      case 10 -> {
        List<String> mechanisms = new ArrayList<>();
        for (String name = body.string(); !name.isEmpty(); name = body.string()) {
          mechanisms.add(name);
        }
        body.atEnd();
        yield new Sasl(List.copyOf(mechanisms));
      }
      case 11 -> new SaslContinue(rest(body));
      case 12 -> new SaslFinal(rest(body));
      default -> new Unsupported(method);
    };
  }

  /// Appends this message to `out`.
  default void write(ByteBuf out) {
    int start = Framing.begin(out, BackendType.AUTHENTICATION);
    switch (this) {
      case Ok() -> out.writeInt(0);
      case CleartextPassword() -> out.writeInt(3);
      case Sasl(List<String> mechanisms) -> {
        out.writeInt(10);
        mechanisms.forEach(mechanism -> ByteStrings.write(out, mechanism));
        out.writeByte(0);
      }
      case SaslContinue(String text) -> writeSasl(out, 11, text);
      case SaslFinal(String text) -> writeSasl(out, 12, text);
      case Unsupported(int method) -> out.writeInt(method);
    }
    Framing.end(out, start);
  }

  private static void writeSasl(ByteBuf out, int method, String text) {
    out.writeInt(method);
    ByteStrings.writeUnterminated(out, text);
  }
}
