package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.tls.PemTls;
import dev.baton.net.Transport;
import dev.baton.testing.TestCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The control interface over TLS, and clients that show who they are by a certificate.
class ControlTlsTest {
  private final FakeControlSource source = new FakeControlSource();
  private Transport transport;
  private ControlServer server;
  private Path token;
  private TestCertificate agent;

  @TempDir private Path folder;

  /// Made once: the tool that makes them takes its time.
  @TempDir private static Path certificates;

  private static TestCertificate first;
  private static TestCertificate renewed;
  private static TestCertificate alice;
  private static TestCertificate stranger;
  private static TestCertificate forged;

  @BeforeAll
  static void makeCertificates() throws Exception {
    first = TestCertificate.make(certificates, "agent");
    alice = TestCertificate.make(certificates, "alice");
    stranger = TestCertificate.make(certificates, "stranger");
    Path elsewhere = Files.createDirectory(certificates.resolve("elsewhere"));
    renewed = TestCertificate.make(elsewhere, "agent");
    forged = TestCertificate.make(elsewhere, "alice");
  }

  @BeforeEach
  void open() throws Exception {
    transport = Transport.open(1);
    token = folder.resolve("operator.token");
    OperatorToken.create(token);
    agent = first;
    Path authorities = folder.resolve("clients.crt");
    Files.writeString(
        authorities,
        Files.readString(alice.certificate()) + Files.readString(stranger.certificate()));
    server = ControlServer.open(settings(agent, authorities), source, transport);
  }

  /// Listens everywhere: reading needs a token, too.
  private ControlSettings settings(TestCertificate of, @Nullable Path clientCa) {
    return new ControlSettings(
        new InetSocketAddress("0.0.0.0", 0),
        token,
        null,
        new ControlSettings.Tls(of.certificate(), of.privateKey(), clientCa),
        List.of("operator alice"),
        List.of());
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  private HttpResponse<String> ask(
      @Nullable TestCertificate as, String method, String path, @Nullable String bearer)
      throws Exception {
    SSLContext tls =
        PemTls.client(
            agent.certificate(),
            as == null ? null : as.certificate(),
            as == null ? null : as.privateKey());
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("https://localhost:" + server.address().getPort() + path))
              .timeout(Duration.ofSeconds(60))
              .method(
                  method,
                  method.equals("GET")
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString("{\"plan\":\"p-1\"}"))
              .header("Content-Type", "application/json");
      if (bearer != null) {
        request.header("Authorization", "Bearer " + bearer);
      }
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void aCertificateIsWhoAsksAndHasARole() throws Exception {
    assertThat(ask(alice, "POST", "/v1/moves", null).statusCode()).isEqualTo(202);
    assertThat(source.asked).containsExactly("alice: move p-1 confirmed null (null)");
    HttpResponse<String> tooMuch = ask(alice, "POST", "/v1/policies/app", null);
    assertThat(tooMuch.statusCode()).isEqualTo(403);
    assertThat(tooMuch.body()).contains("needs the role admin, and alice has operator");
  }

  @Test
  void aCertificateWithoutARoleMayNothing() throws Exception {
    HttpResponse<String> refused = ask(stranger, "GET", "/v1/status", null);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("no role is given to the certificate of stranger");
    assertThat(ask(stranger, "GET", "/primary", null).statusCode()).isEqualTo(200);
  }

  @Test
  void aCertificateOfNobodysAuthorityEndsTheHandshake() {
    assertThatThrownBy(() -> ask(forged, "GET", "/v1/status", null))
        .isInstanceOf(IOException.class);
    assertThat(source.asked).isEmpty();
  }

  @Test
  void withoutACertificateATokenIsNeededEvenToLook() throws Exception {
    assertThat(ask(null, "GET", "/v1/status", null).statusCode()).isEqualTo(401);
    String bearer = Files.readString(token).strip();
    assertThat(ask(null, "GET", "/v1/status", bearer).statusCode()).isEqualTo(200);
    assertThat(ask(null, "GET", "/primary", null).statusCode()).isEqualTo(200); // load balancers
  }

  @Test
  void plainTextIsNotAnswered() throws IOException {
    assertThat(
            Raw.ask(
                new InetSocketAddress("127.0.0.1", server.address().getPort()),
                "GET /primary HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .doesNotContain("HTTP/1.1");
  }

  @Test
  void aClientThatDoesNotKnowTheAgentSaysNothingToIt() {
    assertThatThrownBy(
            () -> {
              try (HttpClient client =
                  HttpClient.newBuilder()
                      .sslContext(PemTls.client(stranger.certificate(), null, null))
                      .build()) {
                client.send(
                    HttpRequest.newBuilder(
                            URI.create("https://localhost:" + server.address().getPort() + "/"))
                        .build(),
                    BodyHandlers.ofString());
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aRenewedCertificateCountsForNewConnections() throws Exception {
    server.reload(settings(renewed, null));
    assertThatThrownBy(() -> ask(null, "GET", "/primary", null)).isInstanceOf(IOException.class);
    agent = renewed;
    assertThat(ask(null, "GET", "/primary", null).statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyThatOthersCanReadIsNotUsed() throws IOException {
    Path open = Files.copy(first.privateKey(), folder.resolve("open.key"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    TestCertificate careless = new TestCertificate(first.certificate(), open, open);
    assertThatThrownBy(() -> ControlServer.open(settings(careless, null), source, transport))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600 " + open);
  }
}
