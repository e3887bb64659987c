package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.engine.postgres.wire.StartupPacket;
import dev.baton.testing.Await;
import dev.baton.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PostgresFrontIT {
  private static TestServer server;
  private static FrontUnderTest plain;
  private static FrontUnderTest encrypted;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = TestServer.start();
    server.ask("CREATE ROLE alice LOGIN PASSWORD 'wonder''land'");
    server.ask("CREATE ROLE expired LOGIN PASSWORD 'x' VALID UNTIL '2001-01-01'");
    server.ask("CREATE ROLE barred NOLOGIN PASSWORD 'x'");
    server.ask("CREATE ROLE open_handed LOGIN");
    server.ask("CREATE ROLE \"müller'\\\" LOGIN PASSWORD 'x'");
    plain = new FrontUnderTest(server.port(), null, FrontUnderTest.Limits.ROOMY);
    encrypted =
        new FrontUnderTest(
            server.port(), TestCertificate.make(folder, "localhost"), FrontUnderTest.Limits.ROOMY);
  }

  @AfterAll
  static void stop() throws IOException {
    plain.close();
    encrypted.close();
    server.close();
  }

  @Test
  void aDriverLogsInWithoutTls() throws Exception {
    try (Connection connection = connect(plain, "alice", "wonder'land", "disable")) {
      assertThat(ask(connection, "SELECT session_user")).isEqualTo("alice");
    }
    assertThat(plain.sessions.opened).anyMatch(c -> c.user().equals("alice") && !c.tls());
  }

  @Test
  void aDriverLogsInWithTlsAndChannelBinding() throws Exception {
    Properties properties = properties("alice", "wonder'land", "require");
    properties.setProperty("channelBinding", "require");
    try (Connection connection = DriverManager.getConnection(url(encrypted), properties)) {
      assertThat(ask(connection, "SELECT session_user")).isEqualTo("alice");
    }
    assertThat(encrypted.sessions.opened).anyMatch(c -> c.user().equals("alice") && c.tls());
  }

  @Test
  void aDriverBeginsWithTlsAtOnce() throws Exception {
    Properties properties = properties("alice", "wonder'land", "require");
    properties.setProperty("sslNegotiation", "direct");
    try (Connection connection = DriverManager.getConnection(url(encrypted), properties)) {
      assertThat(ask(connection, "SELECT session_user")).isEqualTo("alice");
    }
  }

  @Test
  void aNameWithQuotesAndUmlautsIsOneName() throws Exception {
    try (Connection connection = connect(plain, "müller'\\", "x", "disable")) {
      assertThat(ask(connection, "SELECT session_user")).isEqualTo("müller'\\");
    }
  }

  @Test
  void wrongLoginsGetWhatADirectConnectionGets() {
    String[][] logins = {
      {"alice", "wrong", "postgres"},
      {"alice", "", "postgres"},
      {"nobody", "x", "postgres"},
      {"expired", "x", "postgres"},
      {"barred", "x", "postgres"},
      {"open_handed", "x", "postgres"},
      {"alice", "wonder'land", "no_such_database"},
      {"x' OR true --", "x", "postgres"},
    };
    for (String[] login : logins) {
      String direct = stateOf(server.port(), login);
      assertThat(direct).isNotEmpty();
      assertThat(stateOf(plain.port(), login)).as(String.join("/", login)).isEqualTo(direct);
    }
  }

  @Test
  void aChangedPasswordCountsAtOnce() throws Exception {
    server.ask("CREATE ROLE changing LOGIN PASSWORD 'old'");
    connect(plain, "changing", "old", "disable").close();
    server.ask("ALTER ROLE changing PASSWORD 'new'");
    connect(plain, "changing", "new", "disable").close();
    assertThat(stateOf(plain.port(), "changing", "old", "postgres")).isEqualTo("28P01");
  }

  @Test
  void loginsWaitWhileTheRouteIsHeld() throws Exception {
    try (FrontUnderTest held =
        new FrontUnderTest(server.port(), null, FrontUnderTest.Limits.ROOMY)) {
      held.route.set(new RouteState.Held(1, "test"));
      CompletableFuture<String> asked =
          CompletableFuture.supplyAsync(
              () -> {
                try (Connection c = connect(held, "alice", "wonder'land", "disable")) {
                  return ask(c, "SELECT 'through'");
                } catch (SQLException e) {
                  return e.getSQLState();
                }
              });
      assertThatThrownBy(() -> asked.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      held.route.set(FrontUnderTest.OPEN);
      assertThat(Await.result(asked)).isEqualTo("through");
    }
  }

  @Test
  void aLoginIsNotHeldBeyondTheBound() throws Exception {
    try (FrontUnderTest held =
        new FrontUnderTest(server.port(), null, new FrontUnderTest.Limits(300, 10_000, 100))) {
      held.route.set(new RouteState.Held(1, "test"));
      assertThat(stateOf(held.port(), "alice", "wonder'land", "postgres")).isEqualTo("57P03");
    }
  }

  @Test
  void tooManyClientsAreRefusedByName() throws Exception {
    try (FrontUnderTest small =
        new FrontUnderTest(server.port(), null, new FrontUnderTest.Limits(1000, 10_000, 1))) {
      try (Connection first = connect(small, "alice", "wonder'land", "disable")) {
        assertThat(stateOf(small.port(), "alice", "wonder'land", "postgres")).isEqualTo("53300");
        assertThat(ask(first, "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void aSilentClientIsDroppedAndASlowLoginIsTold() throws Exception {
    try (FrontUnderTest strict =
            new FrontUnderTest(server.port(), null, new FrontUnderTest.Limits(1000, 2_000, 10));
        RawClient silent = new RawClient(strict.port());
        RawClient slow = new RawClient(strict.port())) {
      slow.startup(StartupPacket.VERSION_3_0, Map.of("user", "alice"));
      assertThat(slow.end()).isEqualTo(new RawClient.Verdict(Optional.of("57014"), true));
      assertThat(silent.end()).isEqualTo(new RawClient.Verdict(Optional.empty(), true));
    }
  }

  @Test
  void aCancelReachesTheBackend() throws Exception {
    try (Connection connection = connect(plain, "alice", "wonder'land", "disable");
        Statement statement = connection.createStatement()) {
      CompletableFuture<String> state =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  statement.execute("SELECT pg_sleep(30)");
                  return "not cancelled";
                } catch (SQLException e) {
                  return e.getSQLState();
                }
              });
      awaitActive("SELECT pg_sleep(30)");
      statement.cancel();
      assertThat(Await.result(state)).isEqualTo("57014");
      assertThat(ask(connection, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aCancelWithAWrongKeyIsAnsweredLikeARightOneAndDoesNothing() throws Exception {
    try (Connection connection = connect(plain, "alice", "wonder'land", "disable")) {
      int processId = Integer.parseInt(ask(connection, "SELECT pg_backend_pid()"));
      for (int length : new int[] {4, 32, 256}) {
        try (RawClient wrong = new RawClient(plain.port())) {
          wrong.send(
              out ->
                  StartupPacket.writeCancelRequest(
                      out, processId, SecretBytes.of(new byte[length])));
          assertThat(wrong.end()).isEqualTo(new RawClient.Verdict(Optional.empty(), true));
        }
      }
      assertThat(ask(connection, "SELECT pg_backend_pid()")).isEqualTo(processId + "");
    }
  }

  private static void awaitActive(String query) {
    Await.until(
        query + " runs",
        () ->
            server
                .ask(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = '"
                        + query
                        + "'")
                .equals("1"));
  }

  private static String stateOf(int port, String... login) {
    Properties properties = properties(login[0], login[1], "disable");
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + login[2];
    try {
      DriverManager.getConnection(url, properties).close();
      return "";
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  private static Connection connect(
      FrontUnderTest front, String user, String password, String sslMode) throws SQLException {
    return DriverManager.getConnection(url(front), properties(user, password, sslMode));
  }

  private static String url(FrontUnderTest front) {
    return "jdbc:postgresql://127.0.0.1:" + front.port() + "/postgres";
  }

  private static Properties properties(String user, String password, String sslMode) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", sslMode);
    return properties;
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
