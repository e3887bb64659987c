package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.ByteStrings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a session sends to a backend on its own account.
///
/// None of it touches what belongs to the client: a `Query` would destroy the client's unnamed
/// statement, so in the extended protocol the same command goes under a name of our own. The
/// question for the transaction's id is a FunctionCall: it has neither statement nor portal, so no
/// DEALLOCATE ALL can remove it, and it names the function by its number, so no search_path can
/// replace it. Tried on 15 and 18.
final class OwnMessages {
  /// `pg_catalog.pg_current_xact_id_if_assigned()`, since PostgreSQL 13.
  private static final int CURRENT_ID_FUNCTION = 5060;

  private static final byte[] QUESTION =
      ByteBuffer.allocate(15)
          .put((byte) 'F')
          .putInt(14)
          .putInt(CURRENT_ID_FUNCTION)
          .putShort((short) 0)
          .putShort((short) 0)
          .putShort((short) 1)
          .array();

  private static final byte[] SIMPLE_BEGIN = query("BEGIN");
  private static final byte[] SIMPLE_COMMIT = query("COMMIT");
  private static final byte[] SIMPLE_ROLLBACK = query("ROLLBACK");
  private static final byte[] EXTENDED_BEGIN = extended("_baton_begin", "BEGIN", false);
  private static final byte[] EXTENDED_COMMIT = extended("_baton_commit", "COMMIT", false);
  private static final byte[] EXTENDED_ROLLBACK = extended("_baton_rollback", "ROLLBACK", false);
  private static final byte[] FAIL_TRANSACTION =
      query("/* baton: the transaction was rolled back by a move */ ROLLBACK TO baton_moved");
  private static final byte[] SYNC = {'S', 0, 0, 0, 4};

  private OwnMessages() {}

  /// Answered by FunctionCallResponse with 8 bytes or NULL, then ReadyForQuery. Takes a snapshot.
  static ByteBuf question() {
    return Unpooled.wrappedBuffer(QUESTION);
  }

  /// @param simple when the client's unnamed statement is not in danger, since its own Query
  ///   destroys it
  static ByteBuf begin(boolean simple) {
    return Unpooled.wrappedBuffer(simple ? SIMPLE_BEGIN : EXTENDED_BEGIN);
  }

  static ByteBuf commit(boolean simple) {
    return Unpooled.wrappedBuffer(simple ? SIMPLE_COMMIT : EXTENDED_COMMIT);
  }

  static ByteBuf rollback(boolean simple) {
    return Unpooled.wrappedBuffer(simple ? SIMPLE_ROLLBACK : EXTENDED_ROLLBACK);
  }

  static ByteBuf sync() {
    return Unpooled.wrappedBuffer(SYNC);
  }

  /// Brings an open transaction into the failed state, by an error whose text says why.
  static ByteBuf failTransaction() {
    return Unpooled.wrappedBuffer(FAIL_TRANSACTION);
  }

  /// A command that leaves the client's unnamed statement alone.
  ///
  /// @param sql byte string
  static ByteBuf unseen(String sql) {
    return Unpooled.wrappedBuffer(extended("_baton_own", sql, false));
  }

  /// Like [#unseen], and its rows are described.
  ///
  /// @param sql byte string
  static ByteBuf described(String sql) {
    return Unpooled.wrappedBuffer(extended("_baton_own", sql, true));
  }

  /// @param sql byte string
  static ByteBuf simple(String sql) {
    return Unpooled.wrappedBuffer(queryBytes(sql));
  }

  private static byte[] query(String sql) {
    return queryBytes(ByteStrings.of(sql));
  }

  private static byte[] queryBytes(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(text.length + 6)
        .put((byte) 'Q')
        .putInt(text.length + 5)
        .put(text)
        .put((byte) 0)
        .array();
  }

  /// Close (portal and statement), Parse, Bind, Execute, Sync: never fails for the name, whether it
  /// was there before or not. A portal lives until its transaction ends.
  ///
  /// @param sql byte string
  private static byte[] extended(String name, String sql, boolean described) {
    byte[] named = ByteStrings.of(name).getBytes(StandardCharsets.ISO_8859_1);
    byte[] text = sql.getBytes(StandardCharsets.ISO_8859_1);
    int n = named.length + 1;
    int t = text.length + 1;
    int d = described ? 6 + n : 0;
    ByteBuffer out = ByteBuffer.allocate(6 + n + 6 + n + 7 + n + t + 11 + 2 * n + d + 9 + n + 5);
    out.put((byte) 'C').putInt(5 + n).put((byte) 'P').put(named).put((byte) 0);
    out.put((byte) 'C').putInt(5 + n).put((byte) 'S').put(named).put((byte) 0);
    out.put((byte) 'P').putInt(6 + n + t).put(named).put((byte) 0).put(text).put((byte) 0);
    out.putShort((short) 0);
    out.put((byte) 'B').putInt(10 + 2 * n).put(named).put((byte) 0).put(named).put((byte) 0);
    out.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    if (described) {
      out.put((byte) 'D').putInt(5 + n).put((byte) 'P').put(named).put((byte) 0);
    }
    out.put((byte) 'E').putInt(8 + n).put(named).put((byte) 0).putInt(0);
    out.put((byte) 'S').putInt(4);
    return out.array();
  }
}
