package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.engine.postgres.login.RawClient;
import dev.baton.engine.postgres.scram.ScramClient;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.StartupPacket;
import dev.baton.testing.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client that asks for more than it takes costs the front no more than buffers of fixed size,
/// and its neighbours nothing.
@Timeout(300)
class GreedyClientIT {
  private static final long BOUND_BYTES = 64L << 20;
  private static TestServer server;
  private static SessionsUnderTest front;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    front = SessionsUnderTest.before(server);
  }

  @AfterAll
  static void stop() throws Exception {
    front.close();
    server.close();
  }

  @Test
  void anAnswerThatIsNotReadWaitsInTheDatabase() throws Exception {
    try (RawClient greedy = loggedIn();
        Connection neighbour = connect()) {
      long before = bytes();
      greedy.send(
          out ->
              FrontendMessages.query(
                  out, "SELECT repeat('x', 1000) FROM generate_series(1, 1000000) /* greedy */"));
      awaitBlocked();
      assertThat(bytes() - before).isLessThan(BOUND_BYTES);
      assertThat(ask(neighbour, "SELECT 'served'")).isEqualTo("served");
    }
  }

  private static void awaitBlocked() {
    Await.until(
        "the database waits for the client",
        () ->
            server
                .ask(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite'"
                        + " AND query LIKE '%/* greedy */%'")
                .equals("1"));
  }

  private static long bytes() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private static RawClient loggedIn() throws Exception {
    RawClient client = new RawClient(front.port());
    client.startup(
        StartupPacket.VERSION_3_0, Map.of("user", TestServer.USER, "database", "postgres"));
    ScramClient scram = ScramClient.of(TestServer.PASSWORD);
    client.read();
    client.saslInitial("SCRAM-SHA-256", scram.firstMessage());
    client.saslResponse(scram.finalMessage(text(client.read())));
    while (client.read()[0] != 'Z') {
      // parameters of the session
    }
    return client;
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.ISO_8859_1).substring(9);
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + front.port() + "/postgres?sslmode=disable",
        TestServer.USER,
        TestServer.PASSWORD);
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
