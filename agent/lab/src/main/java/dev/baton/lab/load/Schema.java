package dev.baton.lab.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// The tables of the load. Nothing in them is unique that a doubled transaction would offend: a
/// doubling must be found in the data, not be hidden by an error.
public final class Schema {
  public static final int ACCOUNTS = 200;
  public static final long OPENING_BALANCE = 1_000_000L;

  private Schema() {}

  public static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS account (
            id int PRIMARY KEY,
            balance bigint NOT NULL)
          """);
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS transfer (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id bigint NOT NULL,
            source int NOT NULL REFERENCES account,
            target int NOT NULL REFERENCES account,
            amount bigint NOT NULL)
          """);
      statement.execute("CREATE INDEX IF NOT EXISTS transfer_id ON transfer (id)");
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS entry (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            transfer bigint NOT NULL,
            account int NOT NULL,
            amount bigint NOT NULL)
          """);
      statement.execute("CREATE INDEX IF NOT EXISTS entry_transfer ON entry (transfer)");
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS receipt (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id bigint NOT NULL,
            words text NOT NULL)
          """);
      statement.execute("CREATE INDEX IF NOT EXISTS receipt_id ON receipt (id)");
      statement.execute(
          "INSERT INTO account SELECT n, "
              + OPENING_BALANCE
              + " FROM generate_series(1, "
              + ACCOUNTS
              + ") n ON CONFLICT DO NOTHING");
    }
  }

  /// As after `create`.
  public static void clear(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE transfer, entry, receipt");
      statement.execute("UPDATE account SET balance = " + OPENING_BALANCE);
    }
  }
}
