package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.engine.postgres.login.ServerComparison.Attack;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.StartupPacket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Whatever a client sends before its login is over is taken as the server behind takes it: the
/// same SQLSTATE, and the same verdict on the connection.
@Timeout(300)
class BadInputIT {
  private static final Map<String, String> ALICE = Map.of("user", "alice", "database", "postgres");
  private static TestServer server;
  private static FrontUnderTest front;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    server.ask("CREATE ROLE alice LOGIN PASSWORD 'wonderland'");
    front = new FrontUnderTest(server.port(), null, FrontUnderTest.Limits.ROOMY);
  }

  @AfterAll
  static void stop() throws IOException {
    front.close();
    server.close();
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> beforeAuthentication() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    for (int length : new int[] {0, 3, 7, -1, Integer.MIN_VALUE, 10_005, Integer.MAX_VALUE}) {
      attacks.put("packet length " + length, c -> c.send(out -> out.writeInt(length).writeInt(0)));
    }
    attacks.put("HTTP", c -> c.send(ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n")));
    attacks.put(
        "TLS without a certificate", c -> c.send(new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0}));
    attacks.put("end of stream at once", RawClient::endOfStream);
    attacks.put(
        "end of stream within a packet",
        c -> c.send(out -> out.writeInt(100).writeInt(StartupPacket.VERSION_3_0)).endOfStream());
    for (int[] version : new int[][] {{2, 0}, {4, 0}, {0, 0}, {1234, 1}, {3, 9999}, {3, 2}}) {
      attacks.put(
          "version " + version[0] + "." + version[1],
          c -> c.startup(version[0] << 16 | version[1], ALICE));
    }
    attacks.put("no user", c -> c.startup(StartupPacket.VERSION_3_0, Map.of("database", "x")));
    attacks.put("no parameters", c -> c.startup(StartupPacket.VERSION_3_0, Map.of()));
    for (String body : new String[] {"", "user", "user\0alice", "user\0alice\0", "x", "\0\0\0"}) {
      attacks.put("parameters '" + body.replace('\0', '|') + "'", c -> c.send(packet(body)));
    }
    attacks.put(
        "unknown protocol option",
        c -> c.startup(StartupPacket.VERSION_3_0, with("_pq_.nonsense", "1")));
    attacks.put(
        "replication nonsense",
        c -> c.startup(StartupPacket.VERSION_3_0, with("replication", "maybe")));
    attacks.put(
        "cancel too short",
        c -> c.send(out -> out.writeInt(12).writeInt(StartupPacket.CANCEL_REQUEST).writeInt(1)));
    attacks.put(
        "cancel of nobody",
        c ->
            c.send(
                out ->
                    out.writeInt(16)
                        .writeInt(StartupPacket.CANCEL_REQUEST)
                        .writeInt(1)
                        .writeInt(1)));
    return compared(attacks);
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> requestsForEncryption() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    attacks.put(
        "plaintext behind SSLRequest",
        c ->
            c.send(
                    out -> {
                      StartupPacket.writeSslRequest(out);
                      StartupPacket.writeStartup(out, StartupPacket.VERSION_3_0, ALICE);
                    })
                .expectLetter('N'));
    attacks.put(
        "plaintext behind GSSENCRequest",
        c ->
            c.send(
                    out -> {
                      writeGssRequest(out);
                      StartupPacket.writeStartup(out, StartupPacket.VERSION_3_0, ALICE);
                    })
                .expectLetter('N'));
    attacks.put("SSLRequest twice", c -> sslRequest(sslRequest(c)));
    attacks.put("GSSENCRequest twice", c -> gssRequest(gssRequest(c)));
    attacks.put(
        "SSLRequest, GSSENCRequest, start-up",
        c -> gssRequest(sslRequest(c)).startup(StartupPacket.VERSION_3_0, ALICE));
    attacks.put(
        "GSSENCRequest, SSLRequest, start-up without user",
        c -> sslRequest(gssRequest(c)).startup(StartupPacket.VERSION_3_0, Map.of()));
    attacks.put(
        "SSLRequest with a body",
        c -> c.send(out -> out.writeInt(12).writeInt(StartupPacket.SSL_REQUEST).writeInt(0)));
    return compared(attacks);
  }

  @TestFactory
  @Execution(ExecutionMode.CONCURRENT)
  Stream<DynamicTest> duringAuthentication() {
    Map<String, Attack> attacks = new LinkedHashMap<>();
    attacks.put(
        "query before login", c -> begin(c).send(o -> FrontendMessages.query(o, "SELECT 1")));
    attacks.put("leave before login", c -> begin(c).send(FrontendMessages::terminate));
    attacks.put("unknown type", c -> begin(c).send(ascii("z\0\0\0\4")));
    for (int length : new int[] {-1, 0, 3, 2000, 70_000, Integer.MAX_VALUE}) {
      attacks.put(
          "SASL message of length " + length,
          c -> begin(c).send(out -> out.writeByte('p').writeInt(length).writeZero(3000)));
    }
    attacks.put("plain password", c -> begin(c).send(o -> FrontendMessages.password(o, "x")));
    attacks.put("unknown mechanism", c -> begin(c).saslInitial("PLAIN", "n,,n=,r=abc"));
    attacks.put(
        "channel binding without TLS",
        c -> begin(c).saslInitial("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=abc"));
    for (String first :
        new String[] {
          "",
          "n",
          "n,",
          "n,,",
          "q,,n=,r=abc",
          "p=tls-unique,,n=,r=abc",
          "n,a=admin,n=,r=abc",
          "n,b,n=,r=abc",
          "n,,m=x,n=,r=abc",
          "n,,r=abc,n=",
          "n,,n=,r=",
          "n,,n=,r=a\u0001b",
          "n,,n=,r=a\0b",
          "y,,n=,r=abc",
          "n,,n=,r=" + "a".repeat(900)
        }) {
      String name = first.replace('\0', '|').replace('\u0001', '~');
      attacks.put(
          "first message " + name.substring(0, Math.min(30, name.length())),
          c -> begin(c).saslInitial("SCRAM-SHA-256", first));
    }
    for (String last :
        new String[] {
          "",
          "c=biws",
          "c=biws,r=NONCE",
          "c=biws,r=NONCE,p=" + PROOF,
          "c=biws,r=x,p=" + PROOF,
          "c=eSws,r=NONCE,p=" + PROOF,
          "c=biws,r=NONCE,p=AAAA",
          "c=biws,r=NONCE,p=!!!!",
          "r=NONCE,c=biws,p=" + PROOF,
          "c=biws,r=NONCE,x=y,p=" + PROOF,
          "c=biws,r=NONCE\0,p=" + PROOF
        }) {
      attacks.put("last message " + last.replace('\0', '|'), c -> exchange(c, last));
    }
    return compared(attacks);
  }

  private static final String PROOF = "A".repeat(43) + "=";

  private static Stream<DynamicTest> compared(Map<String, Attack> attacks) {
    return new ServerComparison(server.port(), front.port()).of(attacks);
  }

  private static RawClient begin(RawClient client) throws IOException {
    client.startup(StartupPacket.VERSION_3_0, ALICE);
    assertThat(client.read()[0]).isEqualTo((byte) 'R');
    return client;
  }

  private static RawClient exchange(RawClient client, String last) throws IOException {
    begin(client).saslInitial("SCRAM-SHA-256", "n,,n=,r=abc");
    String challenge = new String(client.read(), StandardCharsets.ISO_8859_1).substring(9);
    String nonce = challenge.substring(2, challenge.indexOf(','));
    return client.saslResponse(last.replace("NONCE", nonce));
  }

  private static RawClient sslRequest(RawClient client) throws IOException {
    client.send(StartupPacket::writeSslRequest);
    expectNo(client);
    return client;
  }

  private static RawClient gssRequest(RawClient client) throws IOException {
    client.send(BadInputIT::writeGssRequest);
    expectNo(client);
    return client;
  }

  /// Only the first request is answered with a letter; an error is left for the verdict.
  private static void expectNo(RawClient client) throws IOException {
    client.expectLetter('N');
  }

  private static void writeGssRequest(io.netty.buffer.ByteBuf out) {
    out.writeInt(8).writeInt(StartupPacket.GSS_ENC_REQUEST);
  }

  private static byte[] packet(String body) {
    return RawClient.bytes(
        out -> {
          out.writeInt(8 + body.length()).writeInt(StartupPacket.VERSION_3_0);
          out.writeCharSequence(body, StandardCharsets.ISO_8859_1);
        });
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> parameters = new LinkedHashMap<>(ALICE);
    parameters.put(name, value);
    return parameters;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
