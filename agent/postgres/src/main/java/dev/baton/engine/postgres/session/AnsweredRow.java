package dev.baton.engine.postgres.session;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One row of an answer, kept to be compared column by column.
final class AnsweredRow {
  private static final int HEADER_BYTES = 5;

  private final int result;
  private final byte[] message;

  /// @param result in which of the answer's results it stands, from 0
  /// @param message the whole DataRow
  AnsweredRow(int result, byte[] message) {
    this.result = result;
    this.message = message;
  }

  int result() {
    return result;
  }

  /// The values as the server sent them; null for NULL.
  List<byte @Nullable []> columns() {
    ByteBuffer body = ByteBuffer.wrap(message);
    body.position(HEADER_BYTES);
    int count = body.getShort();
    List<byte @Nullable []> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = body.getInt();
      if (length < 0) {
        columns.add(null);
      } else {
        byte[] value = new byte[length];
        body.get(value);
        columns.add(value);
      }
    }
    return columns;
  }
}
