package dev.baton.engine.postgres.instance;

import dev.baton.model.LogPosition;
import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// A connection over which the agent administers its own instance. Used by one thread at a time;
/// `close` may come from any.
final class AdminSession implements AutoCloseable {
  private final Connection connection;

  private AdminSession(Connection connection) {
    this.connection = connection;
  }

  static AdminSession open(InstanceSettings settings) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.adminUser());
    properties.setProperty("password", settings.adminPassword());
    properties.setProperty("ApplicationName", "baton-" + settings.host());
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("connectTimeout", "2");
    // What the agent asks must not wait for the memory that it may be asking about.
    properties.setProperty("options", "-c synchronous_commit=local -c search_path=pg_catalog");
    String url = "jdbc:postgresql://127.0.0.1:" + settings.port() + "/postgres";
    try {
      return new AdminSession(DriverManager.getConnection(url, properties));
    } catch (SQLException e) {
      throw failure("cannot connect as " + settings.adminUser(), e);
    }
  }

  /// First column of the first row, null when it is NULL or there is no row.
  @Nullable String ask(String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      if (!rows) {
        return null;
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() ? result.getString(1) : null;
      }
    } catch (SQLException e) {
      throw failure("asking the database failed", e);
    }
  }

  /// End of the log that is written, or on a standby replayed; zero while there is none.
  LogPosition position() throws IOException {
    String text =
        ask(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery()"
                + " THEN pg_catalog.pg_last_wal_replay_lsn()"
                + " ELSE pg_catalog.pg_current_wal_lsn() END");
    return text == null ? LogPosition.ZERO : LogPosition.parse(text);
  }

  private static IOException failure(String what, SQLException e) {
    return new IOException(what + ": " + e.getMessage() + " (" + e.getSQLState() + ")", e);
  }

  @Override
  public void close() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // it is gone either way, and nothing depends on how
      org.slf4j.LoggerFactory.getLogger(AdminSession.class).debug("abort of a connection", e);
    }
  }
}
