package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.Durability;
import dev.baton.testing.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client cancels with the process id and key of its login; after a move they mean its backend at
/// the new home, and nobody else's.
@Timeout(300)
class CancelAfterMoveIT {
  private static final String MINE = "SELECT pg_sleep(300) /* mine */";
  private static final String OTHER = "SELECT pg_advisory_lock(1) /* other */";

  @Test
  void reachesTheBackendAtTheNewHomeAndNoOther() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        TestServer server = TestServer.start();
        SessionsUnderTest front =
            new SessionsUnderTest(open(1), 0, TestServer.USER, TestServer.PASSWORD, true)) {
      front.connector.host("a", server.port());
      front.connector.host("b", server.port());
      try (Connection mine = connect(front.port());
          Connection others = connect(front.port());
          Connection holder = server.connect();
          Statement statement = mine.createStatement()) {
        String before = ask(mine, "SELECT pg_backend_pid()");
        ask(others, "SELECT 1");
        front.connector.cut("a");
        front.route.set(open(2));
        assertThat(ask(mine, "SELECT pg_backend_pid()")).isNotEqualTo(before);
        ask(holder, "SELECT pg_advisory_lock(1)");
        CompletableFuture<String> other =
            CompletableFuture.supplyAsync(() -> stateOf(others, OTHER), threads);
        CompletableFuture<String> cancelled =
            CompletableFuture.supplyAsync(() -> stateOf(statement, MINE), threads);
        awaitActive(server, "other");
        awaitActive(server, "mine");
        statement.cancel();
        assertThat(Await.result(cancelled)).isEqualTo("57014");
        ask(holder, "SELECT pg_advisory_unlock(1)");
        assertThat(Await.result(other)).isEqualTo("done");
        assertThat(ask(mine, "SELECT 'goes on'")).isEqualTo("goes on");
      }
    }
  }

  private static RouteState open(long epoch) {
    String home = epoch == 1 ? "a" : "b";
    return new RouteState.Open(
        epoch, home, List.of(epoch == 1 ? "b" : "a"), Durability.REPLICATION);
  }

  private static void awaitActive(TestServer server, String mark) {
    Await.until(
        mark + " is active",
        () ->
            server
                .ask(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
                        + " AND pid <> pg_backend_pid() AND query LIKE '%/* "
                        + mark
                        + " */%'")
                .equals("1"));
  }

  private static String stateOf(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      return stateOf(statement, sql);
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  private static String stateOf(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return "done";
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  private static Connection connect(int port) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", TestServer.USER);
    properties.setProperty("password", TestServer.PASSWORD);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
