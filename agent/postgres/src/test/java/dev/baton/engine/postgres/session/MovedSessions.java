package dev.baton.engine.postgres.session;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.Durability;
import dev.baton.model.Movability;
import dev.baton.model.view.SessionView;
import dev.baton.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
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
    return start(durability, twins, settings, 60_000);
  }

  /// @param holdMillis longest time that a client is held
  static MovedSessions start(
      Durability durability, boolean twins, Map<String, String> settings, long holdMillis)
      throws IOException {
    TestServer server = TestServer.start("test", settings);
    SessionsUnderTest front =
        new SessionsUnderTest(
            open(1, durability), 0, TestServer.USER, TestServer.PASSWORD, twins, holdMillis);
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
  void move() throws SQLException {
    cutAll();
    openNext();
  }

  /// A planned move, in which the sessions are asked what they take along.
  void switchOver() throws SQLException {
    drain();
    RouteState before = front.route.state();
    front.route.set(new RouteState.Held(before.epoch(), "moving"));
    cutAll();
    RouteState.Open next = open(before.epoch() + 1, Durability.REPLICATION);
    front.route.set(next);
  }

  /// A planned move in which nobody waits for what the sessions are asked.
  void switchOverAtOnce() throws SQLException {
    RouteState.Open before = (RouteState.Open) front.route.state();
    front.route.set(new RouteState.Draining(before.epoch(), before.home(), 1_000));
    front.route.set(new RouteState.Held(before.epoch(), "moving"));
    cutAll();
    front.route.set(open(before.epoch() + 1, before.durability()));
  }

  /// Lets no new transaction begin. Sessions within one do not end it.
  void drain() {
    RouteState.Open before = (RouteState.Open) front.route.state();
    front.route.set(new RouteState.Draining(before.epoch(), before.home(), 1_000));
    Await.until("sessions at rest are packed", front.sessions::arePacked);
  }

  /// The planned move is not made.
  void undo() {
    front.route.set(open(front.route.state().epoch(), Durability.REPLICATION));
  }

  /// Ends every connection to the home, and waits until the server has ended their backends, whose
  /// locks a standby does not have.
  void cutAll() throws SQLException {
    front.connector.cut("a");
    Await.until(
        "backends have ended",
        () ->
            server
                .ask(
                    "select count(*) from pg_locks"
                        + " where locktype = 'advisory' or mode = 'AccessExclusiveLock'")
                .equals("0"));
  }

  /// The server is killed and recovers, as its own next home. Its backends may do something more,
  /// since the signal goes to the main process alone.
  void crash() {
    try {
      ProcessHandle.of(server.processId()).ifPresent(ProcessHandle::destroyForcibly);
      front.connector.cut("a");
      server.instance().kill();
      server.instance().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    openNext();
  }

  /// The other host is home from now on.
  void openNext() {
    RouteState.Open before = (RouteState.Open) front.route.state();
    front.route.set(open(before.epoch() + 1, before.durability()));
  }

  /// What the only session says of itself, measured from now on.
  Movability movability() {
    Instant from = Instant.now();
    List<SessionView> measured = new ArrayList<>();
    Await.until(
        "the session is measured",
        () -> {
          measured.clear();
          measured.addAll(front.sessions.sessions());
          return measured.size() == 1 && measured.getFirst().measuredAt().isAfter(from);
        });
    return measured.getFirst().movability();
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
      if (String.valueOf(e.getMessage()).contains("is in the future")) {
        // the server was killed before anything of the transaction was in its log
        return Fate.NOT_COMMITTED;
      }
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    front.close();
    server.close();
  }
}
