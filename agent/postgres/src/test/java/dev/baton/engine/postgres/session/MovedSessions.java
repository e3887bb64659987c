package dev.baton.engine.postgres.session;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.Durability;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Real clients before a front whose backends are cut at will. Both hosts are one server, which
/// stands for a standby that has replayed everything.
final class MovedSessions implements AutoCloseable {
  final TestServer server;
  final SessionsUnderTest front;

  private MovedSessions(TestServer server, SessionsUnderTest front) {
    this.server = server;
    this.front = front;
  }

  static MovedSessions start() throws IOException {
    return start(Durability.REPLICATION);
  }

  static MovedSessions start(Durability durability) throws IOException {
    return start(durability, true, Map.of());
  }

  /// @param settings of the server
  static MovedSessions start(Durability durability, boolean twins, Map<String, String> settings)
      throws IOException {
    TestServer server = TestServer.start("test", settings);
    SessionsUnderTest front =
        new SessionsUnderTest(open(1, durability), 0, TestServer.USER, TestServer.PASSWORD, twins);
    front.connector.host("a", server.port());
    front.connector.host("b", server.port());
    front.route.fates = id -> CompletableFuture.supplyAsync(() -> fate(server, id));
    return new MovedSessions(server, front);
  }

  private static RouteState.Open open(long epoch, Durability durability) {
    boolean odd = epoch % 2 == 1;
    return new RouteState.Open(epoch, odd ? "a" : "b", List.of(odd ? "b" : "a"), durability);
  }

  /// @param properties of the driver, such as `preferQueryMode=simple`
  Connection connect(String... properties) throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=disable&%s"
            .formatted(front.port(), String.join("&", properties));
    return DriverManager.getConnection(url, TestServer.USER, TestServer.PASSWORD);
  }

  /// The home is lost, with every backend on it, and the other host takes over.
  void move() {
    front.connector.cut("a");
    openNext();
  }

  /// The other host is home from now on.
  void openNext() {
    RouteState.Open before = (RouteState.Open) front.route.state();
    front.route.set(open(before.epoch() + 1, before.durability()));
  }

  int serializationFailures() {
    return front.sessions.tally(front.route.state().epoch()).serializationFailures();
  }

  private static Fate fate(TestServer server, long id) {
    try {
      String status;
      do {
        status = server.ask("select pg_xact_status('" + id + "'::xid8)");
      } while (status.equals("in progress"));
      return status.equals("committed") ? Fate.COMMITTED : Fate.NOT_COMMITTED;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    front.close();
    server.close();
  }
}
