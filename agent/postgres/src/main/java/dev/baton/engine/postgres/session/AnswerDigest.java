package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.BackendType;
import dev.baton.engine.postgres.wire.ErrorFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/// What a client was given in answer to a request, as a number of messages and a digest of them.
/// Two answers with equal digests are taken to be equal: 64 bits against accidents, not against an
/// adversary.
///
/// Of an error only the SQLSTATE counts, since its text names processes and positions. What a
/// server may say at any time (notices, notifications, parameters) does not count at all.
final class AnswerDigest {
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  /// Rows beyond this are not kept, and with them none.
  private static final int MAX_ROW_BYTES = 2 << 10;

  private long value;
  private int messages;
  private boolean keepsRows;
  private int rowBytes;
  private List<AnsweredRow> rows = List.of();
  private int results;

  /// From now on the rows are kept beside the digest, as long as they are few.
  void keepRows() {
    keepsRows = true;
  }

  /// Whole messages; empty when there are none or too many.
  List<AnsweredRow> rows() {
    return rows;
  }

  AnswerDigest copy() {
    AnswerDigest copy = new AnswerDigest();
    copy.value = value;
    copy.messages = messages;
    copy.rows = rows.isEmpty() ? rows : new ArrayList<>(rows);
    copy.results = results;
    return copy;
  }

  static boolean counts(byte type) {
    return switch (type) {
      case BackendType.NOTICE_RESPONSE,
          BackendType.NOTIFICATION_RESPONSE,
          BackendType.PARAMETER_STATUS ->
          false;
      default -> true;
    };
  }

  /// Takes one whole message, which must be of a type that counts; does not release it.
  void add(ByteBuf message) {
    messages++;
    if (message.getByte(message.readerIndex()) == BackendType.ERROR_RESPONSE) {
      String code = ErrorFields.read(message).code();
      for (int i = 0; i < code.length(); i++) {
        mix(code.charAt(i));
      }
      return;
    }
    switch (message.getByte(message.readerIndex())) {
      case BackendType.DATA_ROW -> keep(message);
      case BackendType.COMMAND_COMPLETE,
          BackendType.PORTAL_SUSPENDED,
          BackendType.EMPTY_QUERY_RESPONSE ->
          results++;
      default -> {
        // no row and no end of rows
      }
    }
    addBytes(message);
  }

  private void keep(ByteBuf row) {
    if (!keepsRows) {
      return;
    }
    rowBytes += row.readableBytes();
    if (rowBytes > MAX_ROW_BYTES) {
      keepsRows = false;
      rows = List.of();
      return;
    }
    if (rows.isEmpty()) {
      rows = new ArrayList<>(2);
    }
    rows.add(new AnsweredRow(results, ByteBufUtil.getBytes(row)));
  }

  /// Takes a part of a message that is too large to be held whole; the message counts with its last
  /// part.
  void addPiece(ByteBuf piece, boolean last) {
    addBytes(piece);
    if (last) {
      messages++;
    }
  }

  private void addBytes(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    for (; at + 8 <= end; at += 8) {
      mix(bytes.getLongLE(at));
    }
    for (; at < end; at++) {
      mix(bytes.getByte(at));
    }
    mix(bytes.readableBytes());
  }

  private void mix(long word) {
    long mixed = (value ^ word) * MULTIPLIER;
    value = mixed ^ mixed >>> 29;
  }

  long value() {
    return value;
  }

  int messages() {
    return messages;
  }

  boolean sameAs(AnswerDigest other) {
    return value == other.value && messages == other.messages;
  }
}
