package dev.baton.lab.check;

import dev.baton.lab.load.Kind;
import dev.baton.lab.load.Schema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Reads what is stored of the load.
public final class StoredLedger {
  private static final String TRANSFERS =
      """
      SELECT t.id, count(DISTINCT t.number), count(e.number), coalesce(sum(e.amount), 0),
             max(t.number)
        FROM transfer t LEFT JOIN entry e ON e.transfer = t.number
       GROUP BY t.id
      """;
  private static final String RECEIPTS =
      "SELECT id, count(*), 0, 0, max(number) FROM receipt GROUP BY id";
  private static final String WRONG_BALANCES =
      """
      SELECT count(*)
        FROM account a
        LEFT JOIN (SELECT account, sum(amount) AS amount FROM entry GROUP BY account) e
          ON e.account = a.id
       WHERE a.balance <> %d + coalesce(e.amount, 0)
      """
          .formatted(Schema.OPENING_BALANCE);
  private static final String STRAY_ENTRIES =
      "SELECT count(*) FROM entry e"
          + " WHERE NOT EXISTS (SELECT 1 FROM transfer t WHERE t.number = e.transfer)";

  private StoredLedger() {}

  public static List<Stored> read(Connection connection) throws SQLException {
    List<Stored> stored = new ArrayList<>();
    read(connection, TRANSFERS, Kind.TRANSFER, stored);
    read(connection, RECEIPTS, Kind.RECEIPT, stored);
    return stored;
  }

  /// Accounts whose balance is not what the entries say, and entries of no transfer: each is a
  /// transaction of which only a part is there.
  public static long halves(Connection connection) throws SQLException {
    return number(connection, WRONG_BALANCES) + number(connection, STRAY_ENTRIES);
  }

  private static void read(Connection connection, String sql, Kind kind, List<Stored> into)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        into.add(
            new Stored(
                rows.getLong(1),
                kind,
                rows.getLong(2),
                rows.getLong(3),
                rows.getLong(4),
                rows.getLong(5)));
      }
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
