package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads and writes the messages that a client sends after start-up. Strings are byte strings, see
/// [ByteStrings].
///
/// Readers take one whole message, do not move its reader index and do not release it; they throw
/// [MalformedMessage] when it does not fit its type. Writers append whole messages to `out`.
public final class FrontendMessages {
  private FrontendMessages() {}

  /// What Describe and Close are about.
  public enum Target {
    STATEMENT('S'),
    PORTAL('P');

    private final byte code;

    Target(char code) {
      this.code = (byte) code;
    }
  }

  /// @param parameterTypes OIDs; 0 leaves the type to the server
  public record Parse(String statement, String sql, List<Integer> parameterTypes) {}

  /// Only the names: what follows them is passed on as it stands.
  public record Bind(String portal, String statement) {}

  public record Describe(Target target, String name) {}

  public record Close(Target target, String name) {}

  /// @param maxRows 0: all
  public record Execute(String portal, int maxRows) {}

  /// @param response null: the client sends its first message only when it is asked
  public record SaslInitialResponse(String mechanism, @Nullable String response) {}

  public static String readQuery(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.QUERY, "Query");
    String sql = body.string();
    body.atEnd();
    return sql;
  }

  public static Parse readParse(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.PARSE, "Parse");
    String statement = body.string();
    String sql = body.string();
    int count = body.count16();
    List<Integer> types = new ArrayList<>(Math.min(count, body.remaining() / 4 + 1));
    for (int i = 0; i < count; i++) {
      types.add(body.int32());
    }
    body.atEnd();
    return new Parse(statement, sql, List.copyOf(types));
  }

  public static Bind readBind(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.BIND, "Bind");
    return new Bind(body.string(), body.string());
  }

  /// In which format the client wants the results: none (all as text), one for all columns, or one
  /// for each.
  public static List<Integer> readBindResultFormats(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.BIND, "Bind");
    body.string();
    body.string();
    int parameterFormats = body.count16();
    for (int i = 0; i < parameterFormats; i++) {
      body.int16();
    }
    int parameters = body.count16();
    for (int i = 0; i < parameters; i++) {
      int length = body.int32();
      if (length != -1) {
        body.bytes(length);
      }
    }
    int count = body.count16();
    List<Integer> formats = new ArrayList<>(Math.min(count, body.remaining() / 2 + 1));
    for (int i = 0; i < count; i++) {
      formats.add((int) body.int16());
    }
    body.atEnd();
    return List.copyOf(formats);
  }

  public static Describe readDescribe(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.DESCRIBE, "Describe");
    Describe describe = new Describe(target(body), body.string());
    body.atEnd();
    return describe;
  }

  public static Close readClose(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.CLOSE, "Close");
    Close close = new Close(target(body), body.string());
    body.atEnd();
    return close;
  }

  public static Execute readExecute(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.EXECUTE, "Execute");
    Execute execute = new Execute(body.string(), body.int32());
    body.atEnd();
    return execute;
  }

  /// The OID of the called function.
  public static int readFunctionCall(ByteBuf message) {
    return BodyReader.of(message, FrontendType.FUNCTION_CALL, "FunctionCall").int32();
  }

  public static String readCopyFail(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.COPY_FAIL, "CopyFail");
    String reason = body.string();
    body.atEnd();
    return reason;
  }

  public static SaslInitialResponse readSaslInitialResponse(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.PASSWORD, "SASLInitialResponse");
    String mechanism = body.string();
    int length = body.int32();
    String response = length == -1 ? null : body.bytesAsString(length);
    body.atEnd();
    return new SaslInitialResponse(mechanism, response);
  }

  public static String readSaslResponse(ByteBuf message) {
    BodyReader body = BodyReader.of(message, FrontendType.PASSWORD, "SASLResponse");
    return body.bytesAsString(body.remaining());
  }

  public static void query(ByteBuf out, String sql) {
    int start = Framing.begin(out, FrontendType.QUERY);
    ByteStrings.write(out, sql);
    Framing.end(out, start);
  }

  public static void parse(ByteBuf out, String statement, String sql, List<Integer> types) {
    int start = Framing.begin(out, FrontendType.PARSE);
    ByteStrings.write(out, statement);
    ByteStrings.write(out, sql);
    Framing.count16(out, types.size());
    types.forEach(out::writeInt);
    Framing.end(out, start);
  }

  /// All parameters and results as text.
  public static void bind(
      ByteBuf out, String portal, String statement, List<@Nullable String> parameters) {
    int start = Framing.begin(out, FrontendType.BIND);
    ByteStrings.write(out, portal);
    ByteStrings.write(out, statement);
    out.writeShort(0);
    Framing.values(out, parameters);
    out.writeShort(0);
    Framing.end(out, start);
  }

  public static void describe(ByteBuf out, Target target, String name) {
    targeted(out, FrontendType.DESCRIBE, target, name);
  }

  public static void close(ByteBuf out, Target target, String name) {
    targeted(out, FrontendType.CLOSE, target, name);
  }

  public static void execute(ByteBuf out, String portal, int maxRows) {
    int start = Framing.begin(out, FrontendType.EXECUTE);
    ByteStrings.write(out, portal);
    out.writeInt(maxRows);
    Framing.end(out, start);
  }

  public static void sync(ByteBuf out) {
    Framing.empty(out, FrontendType.SYNC);
  }

  public static void flush(ByteBuf out) {
    Framing.empty(out, FrontendType.FLUSH);
  }

  public static void terminate(ByteBuf out) {
    Framing.empty(out, FrontendType.TERMINATE);
  }

  public static void copyDone(ByteBuf out) {
    Framing.empty(out, FrontendType.COPY_DONE);
  }

  public static void copyFail(ByteBuf out, String reason) {
    int start = Framing.begin(out, FrontendType.COPY_FAIL);
    ByteStrings.write(out, reason);
    Framing.end(out, start);
  }

  /// Copies the readable bytes of `data`, whose owner stays the caller.
  public static void copyData(ByteBuf out, ByteBuf data) {
    int start = Framing.begin(out, FrontendType.COPY_DATA);
    out.writeBytes(data, data.readerIndex(), data.readableBytes());
    Framing.end(out, start);
  }

  public static void password(ByteBuf out, String password) {
    int start = Framing.begin(out, FrontendType.PASSWORD);
    ByteStrings.write(out, password);
    Framing.end(out, start);
  }

  public static void saslInitialResponse(ByteBuf out, String mechanism, String response) {
    int start = Framing.begin(out, FrontendType.PASSWORD);
    ByteStrings.write(out, mechanism);
    out.writeInt(response.length());
    ByteStrings.writeUnterminated(out, response);
    Framing.end(out, start);
  }

  public static void saslResponse(ByteBuf out, String response) {
    int start = Framing.begin(out, FrontendType.PASSWORD);
    ByteStrings.writeUnterminated(out, response);
    Framing.end(out, start);
  }

  private static void targeted(ByteBuf out, byte type, Target target, String name) {
    int start = Framing.begin(out, type);
    out.writeByte(target.code);
    ByteStrings.write(out, name);
    Framing.end(out, start);
  }

  private static Target target(BodyReader body) {
    byte code = body.int8();
    for (Target target : Target.values()) {
      if (target.code == code) {
        return target;
      }
    }
    throw body.wrong("neither statement nor portal but subtype " + (code & 0xFF));
  }
}
