package dev.baton.engine.postgres.session;

import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.engine.postgres.login.BackendLogin;
import dev.baton.engine.postgres.login.CancelRegistry;
import dev.baton.engine.postgres.login.PostgresFront;
import dev.baton.engine.postgres.login.ScriptedRoute;
import dev.baton.model.Durability;
import dev.baton.net.AccessPolicy;
import dev.baton.net.FrontSettings;
import dev.baton.net.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// A real front with real sessions, whose route and log a test holds in its hands.
final class SessionsUnderTest implements AutoCloseable {
  final ScriptedRoute route;
  final RecordingLog log = new RecordingLog();
  final PortConnector connector;
  final PostgresSessions sessions;
  final PostgresFront front;
  private final Transport transport;

  SessionsUnderTest(
      RouteState first, int port, String adminUser, String adminPassword, boolean twins)
      throws IOException {
    this(first, port, adminUser, adminPassword, twins, 60_000);
  }

  SessionsUnderTest(
      RouteState first,
      int port,
      String adminUser,
      String adminPassword,
      boolean twins,
      long holdMillis)
      throws IOException {
    route = new ScriptedRoute(first);
    transport = Transport.open(2);
    connector = new PortConnector(transport);
    BackendLogin backends = new BackendLogin("test", connector, 1 << 20, Duration.ofSeconds(60));
    CancelRegistry cancels = new CancelRegistry();
    FrontSettings settings =
        new FrontSettings(
            "test",
            "f",
            new InetSocketAddress("127.0.0.1", port),
            AccessPolicy.PASSWORD,
            adminUser,
            adminPassword,
            1 << 20,
            1 << 20,
            holdMillis,
            100,
            60_000,
            twins,
            200,
            200);
    sessions =
        new PostgresSessions(settings, route, log, backends, cancels, transport.group().next(), 1);
    front = PostgresFront.listen(settings, route, transport, connector, cancels, sessions);
  }

  /// Before one server, with no standby.
  static SessionsUnderTest before(TestServer server) throws IOException {
    RouteState open = new RouteState.Open(1, "a", List.of(), Durability.REPLICATION);
    SessionsUnderTest front =
        new SessionsUnderTest(open, 0, TestServer.USER, TestServer.PASSWORD, false);
    front.connector.host("a", server.port());
    return front;
  }

  int port() {
    return front.address().getPort();
  }

  @Override
  public void close() {
    front.close();
    transport.close();
  }
}
