package dev.baton.engine.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads and writes the messages that a server sends, except [Authentication] and [ErrorFields].
/// The rules for readers and writers are those of [FrontendMessages]. Strings are byte strings;
/// values of rows are texts in UTF-8.
public final class BackendMessages {
  /// Type OIDs that our own answers use.
  public static final int OID_INT8 = 20;

  public static final int OID_TEXT = 25;

  /// Longest cancel key of protocol 3.2.
  public static final int MAX_CANCEL_KEY_BYTES = 256;

  private BackendMessages() {}

  public record ParameterStatus(String name, String value) {}

  /// @param key 4 bytes in protocol 3.0, up to 256 in 3.2
  public record BackendKeyData(int processId, SecretBytes key) {}

  /// @param version newest that the server speaks: major in the upper, minor in the lower 16 bits
  /// @param unknownOptions `_pq_.` parameters that the server does not know
  public record NegotiateProtocolVersion(int version, List<String> unknownOptions) {}

  /// @param typeModifier -1: none
  /// @param format 0 text, 1 binary
  public record Column(
      String name,
      int tableOid,
      int attribute,
      int typeOid,
      int typeSize,
      int typeModifier,
      int format) {
    public static Column text(String name) {
      return new Column(name, 0, 0, OID_TEXT, -1, -1, 0);
    }

    public static Column int8(String name) {
      return new Column(name, 0, 0, OID_INT8, 8, -1, 0);
    }
  }

  /// @param binary format of the whole copy
  /// @param columnFormats of each column, 0 text or 1 binary
  public record CopyResponse(boolean binary, List<Integer> columnFormats) {}

  public record NotificationResponse(int processId, String channel, String payload) {}

  public static ParameterStatus readParameterStatus(ByteBuf message) {
    BodyReader body = BodyReader.of(message, BackendType.PARAMETER_STATUS, "ParameterStatus");
    ParameterStatus status = new ParameterStatus(body.string(), body.string());
    body.atEnd();
    return status;
  }

  public static BackendKeyData readBackendKeyData(ByteBuf message) {
    BodyReader body = BodyReader.of(message, BackendType.BACKEND_KEY_DATA, "BackendKeyData");
    int processId = body.int32();
    int length = body.remaining();
    if (length < 4 || length > MAX_CANCEL_KEY_BYTES) {
      throw body.wrong("cancel key of " + length + " bytes");
    }
    return new BackendKeyData(processId, SecretBytes.of(body.bytes(length)));
  }

  public static TransactionStatus readReadyForQuery(ByteBuf message) {
    BodyReader body = BodyReader.of(message, BackendType.READY_FOR_QUERY, "ReadyForQuery");
    byte code = body.int8();
    body.atEnd();
    return switch (code) {
      case 'I' -> TransactionStatus.IDLE;
      case 'T' -> TransactionStatus.IN_TRANSACTION;
      case 'E' -> TransactionStatus.FAILED;
      default -> throw body.wrong("unknown transaction status " + (code & 0xFF));
    };
  }

  public static NegotiateProtocolVersion readNegotiateProtocolVersion(ByteBuf message) {
    BodyReader body =
        BodyReader.of(message, BackendType.NEGOTIATE_PROTOCOL_VERSION, "NegotiateProtocolVersion");
    int version = body.int32();
    int count = body.int32();
    if (count < 0 || count > body.remaining()) {
      throw body.wrong("count of options " + count);
    }
    List<String> options = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      options.add(body.string());
    }
    body.atEnd();
    return new NegotiateProtocolVersion(version, List.copyOf(options));
  }

  public static List<Column> readRowDescription(ByteBuf message) {
    BodyReader body = BodyReader.of(message, BackendType.ROW_DESCRIPTION, "RowDescription");
    int count = body.count16();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(
          new Column(
              body.string(),
              body.int32(),
              body.int16(),
              body.int32(),
              body.int16(),
              body.int32(),
              body.int16()));
    }
    body.atEnd();
    return List.copyOf(columns);
  }

  /// The values as text in UTF-8.
  public static List<@Nullable String> readDataRow(ByteBuf message) {
    BodyReader body = BodyReader.of(message, BackendType.DATA_ROW, "DataRow");
    int count = body.count16();
    List<@Nullable String> values = new ArrayList<>(Math.min(count, body.remaining() / 4 + 1));
    for (int i = 0; i < count; i++) {
      int length = body.int32();
      values.add(length == -1 ? null : body.utf8(length));
    }
    body.atEnd();
    return values;
  }

  public static String readCommandComplete(ByteBuf message) {
    BodyReader body = BodyReader.of(message, BackendType.COMMAND_COMPLETE, "CommandComplete");
    String tag = body.string();
    body.atEnd();
    return tag;
  }

  public static List<Integer> readParameterDescription(ByteBuf message) {
    BodyReader body =
        BodyReader.of(message, BackendType.PARAMETER_DESCRIPTION, "ParameterDescription");
    int count = body.count16();
    List<Integer> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(body.int32());
    }
    body.atEnd();
    return List.copyOf(types);
  }

  public static NotificationResponse readNotificationResponse(ByteBuf message) {
    BodyReader body =
        BodyReader.of(message, BackendType.NOTIFICATION_RESPONSE, "NotificationResponse");
    NotificationResponse notification =
        new NotificationResponse(body.int32(), body.string(), body.string());
    body.atEnd();
    return notification;
  }

  /// @param type which of the three copy responses it is
  public static CopyResponse readCopyResponse(ByteBuf message, byte type) {
    BodyReader body = BodyReader.of(message, type, "copy response '" + (char) type + "'");
    boolean binary = body.int8() == 1;
    int count = body.count16();
    List<Integer> formats = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      formats.add((int) body.int16());
    }
    body.atEnd();
    return new CopyResponse(binary, List.copyOf(formats));
  }

  public static void parameterStatus(ByteBuf out, String name, String value) {
    int start = Framing.begin(out, BackendType.PARAMETER_STATUS);
    ByteStrings.write(out, name);
    ByteStrings.write(out, value);
    Framing.end(out, start);
  }

  public static void backendKeyData(ByteBuf out, int processId, SecretBytes key) {
    int start = Framing.begin(out, BackendType.BACKEND_KEY_DATA);
    out.writeInt(processId);
    out.writeBytes(key.toArray());
    Framing.end(out, start);
  }

  public static void readyForQuery(ByteBuf out, TransactionStatus status) {
    int start = Framing.begin(out, BackendType.READY_FOR_QUERY);
    out.writeByte(status.code());
    Framing.end(out, start);
  }

  public static void negotiateProtocolVersion(
      ByteBuf out, int version, List<String> unknownOptions) {
    int start = Framing.begin(out, BackendType.NEGOTIATE_PROTOCOL_VERSION);
    out.writeInt(version);
    out.writeInt(unknownOptions.size());
    unknownOptions.forEach(option -> ByteStrings.write(out, option));
    Framing.end(out, start);
  }

  public static void rowDescription(ByteBuf out, List<Column> columns) {
    int start = Framing.begin(out, BackendType.ROW_DESCRIPTION);
    Framing.count16(out, columns.size());
    for (Column column : columns) {
      ByteStrings.write(out, column.name());
      out.writeInt(column.tableOid());
      out.writeShort(column.attribute());
      out.writeInt(column.typeOid());
      out.writeShort(column.typeSize());
      out.writeInt(column.typeModifier());
      out.writeShort(column.format());
    }
    Framing.end(out, start);
  }

  public static void dataRow(ByteBuf out, List<@Nullable String> values) {
    int start = Framing.begin(out, BackendType.DATA_ROW);
    Framing.values(out, values);
    Framing.end(out, start);
  }

  public static void commandComplete(ByteBuf out, String tag) {
    int start = Framing.begin(out, BackendType.COMMAND_COMPLETE);
    ByteStrings.write(out, tag);
    Framing.end(out, start);
  }

  public static void parameterDescription(ByteBuf out, List<Integer> types) {
    int start = Framing.begin(out, BackendType.PARAMETER_DESCRIPTION);
    Framing.count16(out, types.size());
    types.forEach(out::writeInt);
    Framing.end(out, start);
  }

  public static void notificationResponse(
      ByteBuf out, int processId, String channel, String payload) {
    int start = Framing.begin(out, BackendType.NOTIFICATION_RESPONSE);
    out.writeInt(processId);
    ByteStrings.write(out, channel);
    ByteStrings.write(out, payload);
    Framing.end(out, start);
  }

  /// @param type which of the three copy responses to write
  public static void copyResponse(ByteBuf out, byte type, CopyResponse response) {
    int start = Framing.begin(out, type);
    out.writeByte(response.binary() ? 1 : 0);
    Framing.count16(out, response.columnFormats().size());
    response.columnFormats().forEach(out::writeShort);
    Framing.end(out, start);
  }

  /// Copies the readable bytes of `data`, whose owner stays the caller.
  public static void copyData(ByteBuf out, ByteBuf data) {
    int start = Framing.begin(out, BackendType.COPY_DATA);
    out.writeBytes(data, data.readerIndex(), data.readableBytes());
    Framing.end(out, start);
  }

  public static void copyDone(ByteBuf out) {
    Framing.empty(out, BackendType.COPY_DONE);
  }

  public static void parseComplete(ByteBuf out) {
    Framing.empty(out, BackendType.PARSE_COMPLETE);
  }

  public static void bindComplete(ByteBuf out) {
    Framing.empty(out, BackendType.BIND_COMPLETE);
  }

  public static void closeComplete(ByteBuf out) {
    Framing.empty(out, BackendType.CLOSE_COMPLETE);
  }

  public static void noData(ByteBuf out) {
    Framing.empty(out, BackendType.NO_DATA);
  }

  public static void portalSuspended(ByteBuf out) {
    Framing.empty(out, BackendType.PORTAL_SUSPENDED);
  }

  public static void emptyQueryResponse(ByteBuf out) {
    Framing.empty(out, BackendType.EMPTY_QUERY_RESPONSE);
  }
}
