package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendMessages.Column;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The answer to a question of the session's own: rows, or copied data, up to a bound.
final class AskedResult implements Answer {
  /// No question of ours has an answer beyond this, except for what is copied.
  private static final long MAX_ROW_BYTES = 1 << 20;

  private final Answer unasked;
  private final long maxBytes;
  private final Consumer<AskedResult> end;
  private final List<List<@Nullable String>> rows = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private final ByteBuf copied = Unpooled.buffer(0);
  private String tag = "";
  private long bytes;
  private boolean tooLarge;
  private @Nullable ErrorFields error;

  /// @param end told when the answer is complete
  AskedResult(Answer unasked, Consumer<AskedResult> end) {
    this(unasked, MAX_ROW_BYTES, end);
  }

  /// @param maxBytes of rows and data; what is beyond is dropped, and [#failed] says so
  AskedResult(Answer unasked, long maxBytes, Consumer<AskedResult> end) {
    this.unasked = unasked;
    this.maxBytes = maxBytes;
    this.end = end;
  }

  /// The server refused the question, or its answer is beyond the bound.
  boolean failed() {
    return error != null || tooLarge;
  }

  /// In a few words, for whoever is told that it failed.
  String failure() {
    ErrorFields refused = error;
    return refused == null ? "more than " + maxBytes + " bytes" : refused.message();
  }

  /// Byte strings; none when it failed.
  List<List<@Nullable String>> rows() {
    return failed() ? List.of() : rows;
  }

  List<Column> columns() {
    return columns;
  }

  String tag() {
    return tag;
  }

  long bytes() {
    return bytes;
  }

  /// The CopyData messages as they came, which is as a server takes them, too; an unpooled copy
  /// that nobody has to release.
  ByteBuf copied() {
    return copied;
  }

  @Override
  public void message(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.PARAMETER_STATUS, BackendType.NOTIFICATION_RESPONSE -> {
        unasked.message(type, message);
        return;
      }
      case BackendType.DATA_ROW -> {
        if (fits(message)) {
          rows.add(row(message));
        }
      }
      case BackendType.COPY_DATA -> {
        if (fits(message)) {
          copied.writeBytes(message, message.readerIndex(), message.readableBytes());
        }
      }
      case BackendType.ROW_DESCRIPTION ->
          columns.addAll(BackendMessages.readRowDescription(message));
      case BackendType.COMMAND_COMPLETE -> tag = BackendMessages.readCommandComplete(message);
      case BackendType.ERROR_RESPONSE -> {
        if (error == null) {
          error = ErrorFields.read(message);
        }
      }
      default -> {
        // says nothing that was asked for
      }
    }
    message.release();
  }

  private boolean fits(ByteBuf message) {
    bytes += message.readableBytes();
    tooLarge |= bytes > maxBytes;
    return !tooLarge;
  }

  private static List<@Nullable String> row(ByteBuf message) {
    List<@Nullable String> row = new ArrayList<>();
    for (byte[] value : new AnsweredRow(0, ByteBufUtil.getBytes(message)).columns()) {
      row.add(value == null ? null : new String(value, StandardCharsets.ISO_8859_1));
    }
    return row;
  }

  @Override
  public void piece(byte type, ByteBuf piece, boolean first, boolean last) {
    tooLarge = true;
    piece.release();
  }

  @Override
  public boolean ready(TransactionStatus status, ByteBuf ready) {
    ready.release();
    end.accept(this);
    return true;
  }
}
