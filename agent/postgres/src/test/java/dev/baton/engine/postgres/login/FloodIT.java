package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.engine.postgres.wire.StartupPacket;
import dev.baton.testing.Await;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many connections that want nothing good: those who work go on, and those who come get in.
@Timeout(300)
class FloodIT {
  private static final int LOGGING_IN = 50;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void silentConnectionsKeepNobodyOut() throws Exception {
    List<RawClient> silent = new ArrayList<>();
    try (FrontUnderTest front = front();
        Connection working = connect(front.port())) {
      for (int i = 0; i < 4 * LOGGING_IN; i++) {
        silent.add(new RawClient(front.port()));
      }
      assertThat(ask(working, "SELECT 'at once'")).isEqualTo("at once");
      CompletableFuture<String> late =
          CompletableFuture.supplyAsync(
              () -> {
                try (Connection c = connect(front.port())) {
                  return ask(c, "SELECT 'in'");
                } catch (SQLException e) {
                  return String.valueOf(e.getMessage());
                }
              });
      // Far below the 60 s after which the silent ones would have gone by themselves.
      assertThat(late.get(20, TimeUnit.SECONDS)).isEqualTo("in");
      assertThat(silent.getFirst().end().closed()).isTrue();
      assertThat(ask(working, "SELECT 'still'")).isEqualTo("still");
    } finally {
      for (RawClient client : silent) {
        client.close();
      }
    }
  }

  @Test
  void aFloodOfCancelsDoesNothingToOthers() throws Exception {
    try (FrontUnderTest front = front();
        Connection working = connect(front.port());
        Connection victim = connect(front.port());
        Statement sleeping = victim.createStatement()) {
      CompletableFuture<String> slept =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  sleeping.execute("SELECT pg_sleep(3)");
                  return "slept";
                } catch (SQLException e) {
                  return String.valueOf(e.getSQLState());
                }
              });
      int processId = Integer.parseInt(ask(working, "SELECT pg_backend_pid()"));
      List<RawClient> flood = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        RawClient cancel = new RawClient(front.port());
        byte[] wrong = {1, 2, (byte) (i >>> 8), (byte) i};
        cancel.send(out -> StartupPacket.writeCancelRequest(out, processId, SecretBytes.of(wrong)));
        flood.add(cancel);
        if (i % 100 == 0) {
          assertThat(ask(working, "SELECT pg_sleep(0.01), 1")).isEmpty();
        }
      }
      assertThat(Await.result(slept)).isEqualTo("slept");
      for (RawClient cancel : flood) {
        assertThat(cancel.end().closed()).isTrue();
        cancel.close();
      }
      for (int i = 0; i < 200; i++) {
        sleeping.cancel(); // nothing runs; the right key, too often
      }
      assertThat(ask(victim, "SELECT 'goes on'")).isEqualTo("goes on");
      assertThat(ask(working, "SELECT 'goes on'")).isEqualTo("goes on");
    }
  }

  private static FrontUnderTest front() throws IOException {
    return new FrontUnderTest(
        server.port(),
        dev.baton.net.AccessPolicy.PASSWORD,
        new FrontUnderTest.Limits(10_000, 60_000, LOGGING_IN, 100),
        TestServer.USER);
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
