package dev.baton.engine.postgres.login;

import dev.baton.core.route.Route.LossVerdict;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.Durability;
import dev.baton.net.AccessPolicy;
import dev.baton.net.FrontSettings;
import dev.baton.net.Transport;
import dev.baton.testing.TestCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A front with the simplest sessions before one server.
final class FrontUnderTest implements AutoCloseable {
  static final RouteState OPEN = new RouteState.Open(1, "a", List.of(), Durability.REPLICATION);

  final ScriptedRoute route = new ScriptedRoute(OPEN);
  final DirectConnector connector;
  final RelaySessions sessions;
  final PostgresFront front;
  private final Transport transport;

  FrontUnderTest(int serverPort, @Nullable TestCertificate certificate, Limits limits)
      throws IOException {
    this(serverPort, policy(certificate), limits, TestServer.USER);
  }

  /// @param admin role that asks for verifiers; its password is that of the test server's own
  FrontUnderTest(int serverPort, AccessPolicy access, Limits limits, String admin)
      throws IOException {
    route.verdict = LossVerdict.SESSION_ENDED; // the server lives, whoever ends a backend
    transport = Transport.open(2);
    connector = new DirectConnector(transport);
    connector.host("a", serverPort);
    BackendLogin backends = new BackendLogin("test", connector, 1 << 20, Duration.ofSeconds(60));
    sessions = new RelaySessions(backends, route);
    FrontSettings settings =
        new FrontSettings(
            "test",
            "a",
            new InetSocketAddress("127.0.0.1", 0),
            access,
            admin,
            TestServer.PASSWORD,
            1 << 20,
            1 << 20,
            limits.holdMillis(),
            1000,
            limits.loginMillis(),
            false,
            limits.maxLoggingIn(),
            limits.maxClients());
    front = PostgresFront.listen(settings, route, transport, connector, sessions.cancels, sessions);
  }

  record Limits(long holdMillis, long loginMillis, int maxLoggingIn, int maxClients) {
    static final Limits ROOMY = new Limits(60_000, 60_000, 100, 100);

    Limits(long holdMillis, long loginMillis, int maxClients) {
      this(holdMillis, loginMillis, 100, maxClients);
    }
  }

  static AccessPolicy policy(@Nullable TestCertificate certificate, String... rules) {
    AccessPolicy.Tls tls =
        certificate == null
            ? null
            : new AccessPolicy.Tls(
                certificate.certificate(), certificate.privateKey(), false, null);
    return new AccessPolicy(tls, rules(rules), null);
  }

  static List<AccessPolicy.Rule> rules(String... lines) {
    return java.util.stream.IntStream.range(0, lines.length)
        .mapToObj(i -> new AccessPolicy.Rule("rule " + (i + 1), lines[i]))
        .toList();
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
