package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of an ErrorResponse or NoticeResponse, by their code, in the order in which they
/// stood. Values are byte strings.
public record ErrorFields(Map<Character, String> fields) {
  /// What this side says in place of a SQLSTATE that a broken server left out.
  public static final String UNKNOWN_CODE = "XX000";

  public ErrorFields {
    fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /// @param severity `FATAL`, `ERROR`, `WARNING` …: written both as shown and as never translated
  /// @param code SQLSTATE
  public static ErrorFields of(String severity, String code, String message) {
    Map<Character, String> fields = new LinkedHashMap<>();
    fields.put('S', severity);
    fields.put('V', severity);
    fields.put('C', code);
    fields.put('M', ByteStrings.of(message));
    return new ErrorFields(fields);
  }

  public static ErrorFields fatal(String code, String message) {
    return of("FATAL", code, message);
  }

  public static ErrorFields error(String code, String message) {
    return of("ERROR", code, message);
  }

  public ErrorFields with(char field, String text) {
    Map<Character, String> more = new LinkedHashMap<>(fields);
    more.put(field, ByteStrings.of(text));
    return new ErrorFields(more);
  }

  public ErrorFields withDetail(String detail) {
    return with('D', detail);
  }

  public ErrorFields withHint(String hint) {
    return with('H', hint);
  }

  /// As it is never translated; of a server before 9.6 the translated one.
  public String severity() {
    String untranslated = fields.get('V');
    return untranslated != null ? untranslated : fields.getOrDefault('S', "ERROR");
  }

  public String code() {
    return fields.getOrDefault('C', UNKNOWN_CODE);
  }

  /// For people and logs.
  public String message() {
    return ByteStrings.text(fields.getOrDefault('M', ""));
  }

  public @Nullable String detail() {
    return readable('D');
  }

  public @Nullable String hint() {
    return readable('H');
  }

  /// Place in the statement, as the server printed it.
  public @Nullable String position() {
    return readable('P');
  }

  public @Nullable String where() {
    return readable('W');
  }

  /// True when the server closes the connection after it.
  public boolean isFatal() {
    return severity().equals("FATAL") || severity().equals("PANIC");
  }

  /// Reads an ErrorResponse or NoticeResponse; either may come without any field.
  public static ErrorFields read(ByteBuf message) {
    byte type = message.isReadable() ? message.getByte(message.readerIndex()) : 0;
    byte expected =
        type == BackendType.NOTICE_RESPONSE
            ? BackendType.NOTICE_RESPONSE
            : BackendType.ERROR_RESPONSE;
    BodyReader body =
        BodyReader.of(
            message,
            expected,
            expected == BackendType.ERROR_RESPONSE ? "ErrorResponse" : "NoticeResponse");
    Map<Character, String> fields = new LinkedHashMap<>();
    for (byte field = body.int8(); field != 0; field = body.int8()) {
      fields.put((char) (field & 0xFF), body.string());
    }
    body.atEnd();
    return new ErrorFields(fields);
  }

  public void writeError(ByteBuf out) {
    write(out, BackendType.ERROR_RESPONSE);
  }

  public void writeNotice(ByteBuf out) {
    write(out, BackendType.NOTICE_RESPONSE);
  }

  private void write(ByteBuf out, byte type) {
    int start = Framing.begin(out, type);
    fields.forEach(
        (field, value) -> {
          out.writeByte(field);
          ByteStrings.write(out, value);
        });
    out.writeByte(0);
    Framing.end(out, start);
  }

  /// One line for logs: `FATAL 28P01: password authentication failed`.
  @Override
  public String toString() {
    return severity() + " " + code() + ": " + message();
  }

  private @Nullable String readable(char field) {
    String value = fields.get(field);
    return value == null ? null : ByteStrings.text(value);
  }
}
