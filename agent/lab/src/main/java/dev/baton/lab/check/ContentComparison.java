package dev.baton.lab.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Compares all user tables of one database with those of another, row by row. Rows are compared as
/// multisets, by a digest of their text: the order in a table's file is nobody's promise.
public final class ContentComparison {
  private static final String TABLES =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p'
         AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'
      """;

  private ContentComparison() {}

  /// @param rowsDiffering rows that only one of the two has, each counted
  /// @param rowsCompared rows of the first database
  /// @param tables that differ, with their figures, in words
  public record Result(long rowsDiffering, long rowsCompared, List<String> tables) {}

  public static Result compare(Connection home, Connection standby) throws SQLException {
    TreeSet<String> names = new TreeSet<>(strings(home, TABLES));
    List<String> standbyNames = strings(standby, TABLES);
    names.addAll(standbyNames);
    long differing = 0;
    long compared = 0;
    List<String> words = new ArrayList<>();
    List<String> homeNames = strings(home, TABLES);
    for (String table : names) {
      Map<String, Long> left = homeNames.contains(table) ? digests(home, table) : Map.of();
      Map<String, Long> right = standbyNames.contains(table) ? digests(standby, table) : Map.of();
      long rows = difference(left, right);
      if (rows > 0) {
        words.add(table + ": " + rows + " rows are in one database only");
      } else if (homeNames.contains(table) != standbyNames.contains(table)) {
        rows = 1; // a table that only one has is a difference even when it is empty
        words.add(table + ": is in one database only");
      }
      differing += rows;
      compared += left.values().stream().mapToLong(Long::longValue).sum();
    }
    return new Result(differing, compared, words);
  }

  private static long difference(Map<String, Long> left, Map<String, Long> right) {
    long difference = 0;
    for (Map.Entry<String, Long> row : left.entrySet()) {
      difference += Math.abs(row.getValue() - right.getOrDefault(row.getKey(), 0L));
    }
    for (Map.Entry<String, Long> row : right.entrySet()) {
      difference += left.containsKey(row.getKey()) ? 0 : row.getValue();
    }
    return difference;
  }

  private static Map<String, Long> digests(Connection connection, String table)
      throws SQLException {
    Map<String, Long> digests = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pg_catalog.md5(r::text), count(*) FROM " + table + " r GROUP BY 1")) {
      while (rows.next()) {
        digests.put(rows.getString(1), rows.getLong(2));
      }
    }
    return digests;
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }
}
