package dev.baton.engine.postgres.session;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/// Where a script runs, and what its driver is told there.
record DriverStage(String url, Properties properties, List<String> told) {
  Connection connect(String... settings) throws SQLException {
    Properties all = new Properties();
    all.putAll(properties);
    for (int i = 0; i < settings.length; i += 2) {
      all.setProperty(settings[i], settings[i + 1]);
    }
    return DriverManager.getConnection(url, all);
  }

  void tell(@Nullable Object what) {
    told.add(shortened(String.valueOf(what)));
  }

  /// Runs one text and tells all of its results, warnings, or its error.
  void run(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      run(statement, sql);
    } catch (SQLException e) {
      tell(told(e));
    }
  }

  void run(Statement statement, String sql) {
    try {
      boolean rows = statement.execute(sql);
      while (rows || statement.getUpdateCount() >= 0) {
        if (rows) {
          rows(statement.getResultSet());
        } else {
          tell("count " + statement.getUpdateCount());
        }
        rows = statement.getMoreResults();
      }
    } catch (SQLException e) {
      tell(told(e));
    }
    warnings(statement);
  }

  void rows(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    StringBuilder head = new StringBuilder("columns");
    for (int i = 1; i <= Math.min(columns.getColumnCount(), 20); i++) {
      head.append(' ').append(columns.getColumnLabel(i));
      head.append(':').append(columns.getColumnTypeName(i));
    }
    tell(head);
    int count = 0;
    while (rows.next()) {
      StringBuilder row = new StringBuilder("row");
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        boolean bytes = columns.getColumnTypeName(i).equals("bytea");
        row.append(" | ").append(bytes ? Arrays.toString(rows.getBytes(i)) : rows.getString(i));
      }
      if (count++ < 50) {
        tell(row);
      }
    }
    tell(count + " rows");
  }

  private void warnings(Statement statement) {
    try {
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        tell("warning " + told(w));
      }
    } catch (SQLException e) {
      tell("no warnings: " + told(e));
    }
  }

  private static String shortened(String text) {
    return text.length() <= 300
        ? text
        : text.substring(0, 100) + "… " + text.length() + " chars, hash " + text.hashCode();
  }

  /// Every field that the server has sent.
  static String told(Throwable e) {
    ServerErrorMessage fields =
        switch (e) {
          case PSQLException error -> error.getServerErrorMessage();
          case PSQLWarning warning -> warning.getServerErrorMessage();
          default -> null;
        };
    if (fields == null) {
      return e instanceof SQLException sql
          ? e.getClass().getSimpleName() + " " + sql.getSQLState() + " " + e.getMessage()
          : e.toString();
    }
    return String.join(
        " ¦ ",
        Arrays.asList(
            "" + fields.getSeverity(),
            "" + fields.getSQLState(),
            "" + fields.getMessage(),
            "" + fields.getDetail(),
            "" + fields.getHint(),
            "" + fields.getPosition(),
            "" + fields.getInternalQuery(),
            "" + fields.getInternalPosition(),
            "" + fields.getWhere(),
            "" + fields.getSchema(),
            "" + fields.getTable(),
            "" + fields.getColumn(),
            "" + fields.getDatatype(),
            "" + fields.getConstraint(),
            "" + fields.getFile(),
            "" + fields.getLine(),
            "" + fields.getRoutine()));
  }
}
