package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The rows that answer a question of the session's own.
final class AskedRows implements Answer {
  private final Answer unasked;
  private final Consumer<List<List<@Nullable String>>> end;
  private final List<List<@Nullable String>> rows = new ArrayList<>();

  /// @param end told the rows, none when the question failed
  AskedRows(Answer unasked, Consumer<List<List<@Nullable String>>> end) {
    this.unasked = unasked;
    this.end = end;
  }

  @Override
  public void message(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.PARAMETER_STATUS, BackendType.NOTIFICATION_RESPONSE ->
          unasked.message(type, message);
      case BackendType.DATA_ROW -> {
        rows.add(BackendMessages.readDataRow(message));
        message.release();
      }
      case BackendType.ERROR_RESPONSE -> {
        rows.clear();
        message.release();
      }
      default -> message.release();
    }
  }

  @Override
  public boolean ready(TransactionStatus status, ByteBuf ready) {
    ready.release();
    end.accept(rows);
    return true;
  }
}
