package dev.baton.lab.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// One client's requests, each with the time until its answer.
final class Asking {
  private final Stalls stalls;

  Asking(Stalls stalls) {
    this.stalls = stalls;
  }

  @FunctionalInterface
  interface Request<T> {
    T send() throws SQLException;
  }

  <T> T timed(Request<T> request) throws SQLException {
    stalls.asked(System.nanoTime());
    try {
      return request.send();
    } finally {
      stalls.answered(System.nanoTime());
    }
  }

  void commit(Connection connection) throws SQLException {
    timed(
        () -> {
          connection.commit();
          return true;
        });
  }

  void rollback(Connection connection) throws SQLException {
    timed(
        () -> {
          connection.rollback();
          return true;
        });
  }

  int update(Connection connection, String sql, long... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return timed(statement::executeUpdate);
    }
  }

  /// The first column of the only row.
  long number(Connection connection, String sql, long... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = timed(statement::executeQuery)) {
        if (!rows.next()) {
          throw new SQLException("no row where one must be: " + sql, Impossible.SQLSTATE);
        }
        return rows.getLong(1);
      }
    }
  }

  private static void bind(PreparedStatement statement, long... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setLong(i + 1, values[i]);
    }
  }

  /// An answer that no correct database gives.
  static final class Impossible extends SQLException {
    static final String SQLSTATE = "BT001";
    private static final long serialVersionUID = 1L;

    Impossible(String what) {
      super(what, SQLSTATE);
    }
  }
}
