package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.engine.postgres.login.ServerComparison.Attack;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.engine.postgres.wire.StartupPacket;
import dev.baton.testing.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Where TLS is offered: whatever a client sends before, in place of and within the handshake is
/// taken as a real server with the same certificate takes it.
@Timeout(300)
class TlsBadInputIT {
  private static final Map<String, String> ALICE = Map.of("user", "alice", "database", "postgres");

  /// Both of those that are in a hurry give a client this long to log in; the others so long that
  /// no test comes to its end.
  private static final int LOGIN_MILLIS = 4_000;

  private static TestServer server;
  private static FrontUnderTest front;
  private static TestServer hurriedServer;
  private static FrontUnderTest hurriedFront;
  private static SSLContext client;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    TestCertificate certificate = TestCertificate.make(folder, "localhost");
    server = server(certificate, Map.of());
    front = new FrontUnderTest(server.port(), certificate, FrontUnderTest.Limits.ROOMY);
    hurriedServer =
        server(certificate, Map.of("authentication_timeout", LOGIN_MILLIS / 1_000 + "s"));
    hurriedFront =
        new FrontUnderTest(
            hurriedServer.port(),
            certificate,
            new FrontUnderTest.Limits(10_000, LOGIN_MILLIS, 100));
    client = SSLContext.getInstance("TLS");
    client.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
  }

  private static TestServer server(TestCertificate certificate, Map<String, String> settings)
      throws Exception {
    TestServer started =
        TlsServer.start(
            certificate,
            Files.readAllBytes(certificate.certificate()),
            settings,
            "host all all 127.0.0.1/32 scram-sha-256");
    started.ask("CREATE ROLE alice LOGIN PASSWORD 'wonderland'");
    return started;
  }

  @AfterAll
  static void stop() throws IOException {
    front.close();
    server.close();
    hurriedFront.close();
    hurriedServer.close();
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> inPlaceOfAHandshake() {
    Map<String, byte[]> garbage = new LinkedHashMap<>();
    garbage.put("HTTP", ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    garbage.put("zeros", new byte[200]);
    garbage.put("an alert", new byte[] {21, 3, 1, 0, 2, 2, 40});
    garbage.put("a record of absurd length", new byte[] {22, 3, 1, -1, -1, 1, 0, 0});
    garbage.put("a handshake that is none", new byte[] {22, 3, 1, 0, 4, 99, 0, 0, 0});
    garbage.put("a hello of nothing", new byte[] {22, 3, 1, 0, 4, 1, 0, 0, 0});
    garbage.put("a hello of another time", ascii("\200\56\1\0\2\0\25\0\0\0\20\1\0\200\2\0\200"));
    garbage.put(
        "start-up in the clear",
        RawClient.bytes(o -> StartupPacket.writeStartup(o, StartupPacket.VERSION_3_0, ALICE)));
    garbage.put("SSLRequest again", RawClient.bytes(StartupPacket::writeSslRequest));
    Map<String, Attack> attacks = new LinkedHashMap<>();
    garbage.forEach(
        (name, bytes) -> {
          attacks.put(name, c -> patiently(requested(c).send(bytes)));
          attacks.put(
              name + ", sent along with the request",
              c ->
                  patiently(
                      c.send(
                              out -> {
                                StartupPacket.writeSslRequest(out);
                                out.writeBytes(bytes);
                              })
                          .expectLetter('S')));
          if (bytes[0] == 22) {
            attacks.put(name + ", without a request", c -> patiently(c.send(bytes)));
          }
        });
    attacks.put("the end of the stream", c -> requested(c).endOfStream());
    attacks.put("the end amid a hello", c -> requested(c).send(hello(40)).endOfStream());
    return new ServerComparison(hurriedServer.port(), hurriedFront.port()).of(attacks);
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> tooSlow() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    attacks.put("silence", TlsBadInputIT::patiently);
    attacks.put("silence after the request", c -> patiently(requested(c)));
    attacks.put("half a hello", c -> patiently(requested(c).send(hello(40))));
    attacks.put("half a hello without a request", c -> patiently(c.send(hello(40))));
    attacks.put("silence after the handshake", c -> patiently(secured(requested(c))));
    attacks.put(
        "a start-up packet in drops",
        c -> {
          drip(c, bytesOfStartup(), LOGIN_MILLIS);
          return patiently(c);
        });
    return new ServerComparison(hurriedServer.port(), hurriedFront.port()).of(attacks);
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> protocolNames() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    for (String[] names :
        new String[][] {{}, {"postgresql"}, {"http/1.1"}, {"http/1.1", "postgresql"}}) {
      String list = String.join(",", names);
      attacks.put("requested, " + list, c -> begin(secured(requested(c), names)));
      attacks.put("at once, " + list, c -> begin(secured(c, names)));
    }
    return new ServerComparison(server.port(), front.port()).of(attacks);
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> withinTls() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    attacks.put("SSLRequest", c -> secure(c).send(StartupPacket::writeSslRequest));
    attacks.put(
        "GSSENCRequest",
        c -> secure(c).send(o -> o.writeInt(8).writeInt(StartupPacket.GSS_ENC_REQUEST)));
    attacks.put("HTTP", c -> secure(c).send(ascii("GET / HTTP/1.1\r\n\r\n")));
    attacks.put("a hello within", c -> secure(c).send(hello(100)));
    attacks.put("an old version", c -> secure(c).startup(2 << 16, ALICE));
    attacks.put("a packet too large", c -> secure(c).send(o -> o.writeInt(10_005).writeInt(0)));
    attacks.put("the end amid a packet", c -> secure(c).send(new byte[] {0, 0, 1}).endOfStream());
    attacks.put(
        "cancel of nobody",
        c ->
            secure(c)
                .send(o -> StartupPacket.writeCancelRequest(o, 1, SecretBytes.of(new byte[4]))));
    attacks.put("a start-up packet", c -> begin(secure(c)));
    attacks.put("a new handshake", TlsBadInputIT::renegotiate);
    String[][] firsts = {
      {"SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=abc"},
      {"SCRAM-SHA-256-PLUS", "n,,n=,r=abc"},
      {"SCRAM-SHA-256-PLUS", "y,,n=,r=abc"},
      {"SCRAM-SHA-256-PLUS", "p=tls-unique,,n=,r=abc"},
      {"SCRAM-SHA-256", "y,,n=,r=abc"},
      {"SCRAM-SHA-256", "n,,n=,r=abc"},
      {"SCRAM-SHA-256", "p=tls-server-end-point,,n=,r=abc"}
    };
    for (String[] first : firsts) {
      attacks.put(String.join(" ", first), c -> authenticating(c).saslInitial(first[0], first[1]));
    }
    for (String binding :
        new String[] {"p=tls-server-end-point,,", "p=tls-server-end-point,,x", "n,,"}) {
      attacks.put("a wrong binding " + binding, c -> wrongBinding(c, binding));
    }
    return new ServerComparison(server.port(), front.port()).of(attacks);
  }

  private static RawClient wrongBinding(RawClient c, String binding) throws Exception {
    RawClient within = authenticating(c);
    within.saslInitial("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=abc");
    String challenge = new String(within.read(), StandardCharsets.ISO_8859_1).substring(9);
    String nonce = challenge.substring(0, challenge.indexOf(','));
    String given = Base64.getEncoder().encodeToString(ascii(binding));
    return within.saslResponse("c=" + given + "," + nonce + ",p=" + "A".repeat(43) + "=");
  }

  private static RawClient authenticating(RawClient c) throws Exception {
    RawClient within = begin(secure(c));
    assertThat(within.read()[0]).isEqualTo((byte) 'R');
    return within;
  }

  /// A second handshake in TLS 1.2, which a client may ask for.
  private static RawClient renegotiate(RawClient c) throws Exception {
    requested(c);
    SSLSocket socket = layered(c.socket());
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    socket.startHandshake();
    RawClient within = new RawClient(socket);
    socket.startHandshake();
    return begin(within);
  }

  private static RawClient requested(RawClient c) throws IOException {
    return c.send(StartupPacket::writeSslRequest).expectLetter('S');
  }

  private static RawClient secure(RawClient c) throws IOException {
    return secured(requested(c));
  }

  private static RawClient secured(RawClient c, String... protocolNames) throws IOException {
    SSLSocket socket = layered(c.socket());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocolNames);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new RawClient(socket);
  }

  private static SSLSocket layered(Socket plain) throws IOException {
    return (SSLSocket) client.getSocketFactory().createSocket(plain, "localhost", 1, true);
  }

  private static RawClient begin(RawClient c) throws IOException {
    return c.startup(StartupPacket.VERSION_3_0, ALICE);
  }

  /// Ends at the latest when the time for a login is over.
  private static RawClient patiently(RawClient c) throws IOException {
    c.end();
    return c;
  }

  /// One byte at a time, spread over longer than a login may take.
  private static void drip(RawClient c, byte[] bytes, int millis) throws Exception {
    c.socket().setSoTimeout(2 * millis / bytes.length);
    for (byte b : bytes) {
      c.send(new byte[] {b});
      if (c.isOver()) {
        return;
      }
    }
  }

  private static byte[] bytesOfStartup() {
    return RawClient.bytes(o -> StartupPacket.writeStartup(o, StartupPacket.VERSION_3_0, ALICE));
  }

  /// The beginning of a hello that would go on.
  private static byte[] hello(int bytes) {
    byte[] hello = new byte[bytes];
    System.arraycopy(new byte[] {22, 3, 1, 1, 0, 1, 0, 0, -4, 3, 3}, 0, hello, 0, 11);
    Arrays.fill(hello, 11, bytes, (byte) 7);
    return hello;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
