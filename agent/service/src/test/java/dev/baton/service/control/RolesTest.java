package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.net.Transport;
import dev.baton.service.audit.AuditEvent;
import dev.baton.service.control.Router.Resource;
import dev.baton.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may do what, by which token, how often, and how many times the same.
class RolesTest {
  private static final String VIEWER = "viewer-token-of-a-dashboard";
  private static final String OPERATOR = "operator-token-of-alice";
  private static final String ADMIN = "admin-token-of-the-chief";
  private static final String EXPIRED = "operator-token-of-yesterday";
  private static final String FOREIGN = "token-of-another-cluster";
  private static final String MOVE = "{\"plan\":\"p-1\"}";
  private static final int RATE = 2;

  private final FakeControlSource source = new FakeControlSource();
  private Transport transport;
  private ControlServer server;
  private Path own;
  private Path tokens;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    transport = Transport.open(1);
    own = folder.resolve("operator.token");
    OperatorToken.create(own);
    tokens = folder.resolve("tokens");
    Files.writeString(
        tokens,
        """
        # role   name      token                  until
        viewer   dashboard %s
        operator alice     %s                     2126-01-01T00:00:00Z
        operator bob       %s                     2001-01-01T00:00:00Z
        admin    chief     sha256:%s
        """
            .formatted(VIEWER, OPERATOR, EXPIRED, HexFormat.of().formatHex(Tokens.sha256(ADMIN))));
    secret(tokens);
    server = ControlServer.open(settings(), source, transport, bounds(1_000, 0.001));
  }

  private static void secret(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private ControlSettings settings() {
    return ControlSettings.loopback(0, own).withTokensFile(tokens);
  }

  private static ControlServer.Bounds bounds(double requestsPerSecond, double wrongPerSecond) {
    return bounds(requestsPerSecond, wrongPerSecond, Duration.ofMinutes(1));
  }

  private static ControlServer.Bounds bounds(
      double requestsPerSecond, double wrongPerSecond, Duration write) {
    return new ControlServer.Bounds(
        64,
        Duration.ofMinutes(1),
        Duration.ofMinutes(1),
        write,
        8,
        1 << 20,
        requestsPerSecond,
        wrongPerSecond);
  }

  private void openWith(ControlServer.Bounds bounds) throws IOException {
    server.close();
    server = ControlServer.open(settings(), source, transport, bounds);
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  private String ask(String method, String path, String token, String headers, String body)
      throws IOException {
    return Raw.ask(
        server.address(),
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
            + (body.isEmpty()
                ? ""
                : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
            + headers
            + "\r\n"
            + body);
  }

  private int status(String method, String path, String token, String headers, String body)
      throws IOException {
    return status(ask(method, path, token, headers, body));
  }

  private static int status(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 ");
    return Integer.parseInt(answer.substring(9, 12));
  }

  private int status(Resource resource, String token, String headers) throws IOException {
    String path = resource.path().replace("{id}", resource == Resource.ANNOUNCE ? "a" : "1");
    return status(resource.method(), path, token, headers, resource.takesBody() ? "{\"x\":1}" : "");
  }

  /// What a caller without enough rights gets; what they get beyond that is another test's matter.
  @ParameterizedTest
  @EnumSource
  void everyResourceIsOpenToItsRoleAndToNoOther(Resource resource) throws IOException {
    Role needed = resource.role();
    boolean free = needed == Role.VIEWER; // on the loopback address
    assertThat(status(resource, "", "") == 401).as("nobody").isEqualTo(!free);
    assertThat(status(resource, FOREIGN, "") == 403).as("foreign").isEqualTo(!resource.open());
    assertThat(status(resource, EXPIRED, "") == 401).as("expired").isEqualTo(!resource.open());
    assertThat(status(resource, VIEWER, "") == 403).as("viewer").isEqualTo(!free);
    assertThat(status(resource, OPERATOR, "") == 403)
        .as("operator")
        .isEqualTo(needed == Role.ADMIN);
    assertThat(status(resource, ADMIN, "")).as("admin").isNotIn(401, 403);
    assertThat(status(resource, Files.readString(own).strip(), "")).isNotIn(401, 403);
    assertThat(source.asked).filteredOn(asked -> asked.startsWith("bob")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void foreignPagesChangeNothing(Resource resource) throws IOException {
    boolean guarded = resource.changes() || resource == Resource.STREAM;
    for (String origin :
        List.of(
            "https://evil.example",
            "null",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "https://localhost")) {
      assertThat(status(resource, ADMIN, "Origin: " + origin + "\r\n") == 403)
          .as(origin)
          .isEqualTo(guarded);
    }
    assertThat(status(resource, ADMIN, "Origin: http://localhost\r\n")).isNotEqualTo(403);
    assertThat(source.asked).allMatch(asked -> asked.startsWith("chief"));
  }

  @Test
  void aTokensNameIsWhoAsked() throws IOException {
    assertThat(status("POST", "/v1/moves", OPERATOR, "Baton-User: mallory\r\n", MOVE))
        .isEqualTo(202);
    assertThat(source.asked).containsExactly("alice: move p-1 confirmed null (null)");
  }

  @Test
  void whoMayNotIsWrittenDown() throws IOException {
    assertThat(ask("POST", "/v1/moves", VIEWER, "", MOVE))
        .contains("this needs the role operator, and dashboard has viewer");
    assertThat(source.asked).isEmpty();
    assertThat(source.audit.recorded())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.actor()).isEqualTo("dashboard");
              assertThat(event.role()).isEqualTo("viewer");
              assertThat(event.result()).isEqualTo("refused");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "operater eve 12345678901234567890123 | line 2: the role must be viewer",
        "operator eve short | line 2: a token has at least 20",
        "operator eve | line 2: give a role",
        "operator eve a b c | line 2: give a role",
        "operator e:ve 12345678901234567890123 | line 2: the name must match",
        "operator eve sha256:123 | line 2: after 'sha256:'",
        "operator eve 12345678901234567890123 tomorrow | line 2: until when",
        "viewer dash 12345678901234567890123 | line 2: a second token of 'dash'",
      })
  void anAgentDoesNotStartWithTokensThatCannotBeMeant(String line, String why) throws IOException {
    Files.writeString(tokens, "viewer dash aaaaaaaaaaaaaaaaaaaaaaaa\n" + line + "\n");
    assertThatThrownBy(() -> ControlServer.open(settings(), source, transport))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("1234567890123456789");
  }

  @Test
  void anAgentDoesNotStartWithTokensThatOthersCanRead() throws IOException {
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> ControlServer.open(settings(), source, transport))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600 " + tokens);
  }

  @Test
  void tokensAreReplacedWithoutARestart() throws IOException {
    Files.writeString(tokens, "operator carol token-of-carol-which-is-new\n");
    server.reload(settings());
    assertThat(status("GET", "/v1/status", "token-of-carol-which-is-new", "", "")).isEqualTo(200);
    assertThat(status("GET", "/v1/status", OPERATOR, "", "")).isEqualTo(403);
    Files.writeString(tokens, "nonsense\n");
    assertThatThrownBy(() -> server.reload(settings())).isInstanceOf(IOException.class);
    assertThat(status("GET", "/v1/status", "token-of-carol-which-is-new", "", "")).isEqualTo(200);
  }

  @Test
  void whoGuessesIsToldToWaitAndWhoKnowsIsNot() throws IOException {
    for (int i = 0; i < 10; i++) {
      assertThat(status("GET", "/v1/status", FOREIGN + i, "", "")).isEqualTo(403);
    }
    assertThat(ask("GET", "/v1/status", FOREIGN, "", ""))
        .startsWith("HTTP/1.1 429")
        .containsIgnoringCase("retry-after: 1000");
    assertThat(status("POST", "/v1/moves", OPERATOR, "", MOVE)).isEqualTo(202);
  }

  /// However slowly this test runs: what was granted beyond the first is what its time allows.
  @Test
  void whoAsksTooOftenIsToldToWait() throws IOException {
    openWith(bounds(RATE, 1));
    String request = "GET /primary HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String answers = "";
    long begun = System.nanoTime();
    try (Socket socket = Raw.connect(server.address())) {
      for (int i = 0; i < 40 * RATE; i++) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        answers += answerOf(socket);
      }
    }
    int allowed = (int) Math.ceil((System.nanoTime() - begun) / 1e9 * RATE);
    assertThat(answers.split("HTTP/1.1 200", -1).length - 1)
        .isBetween(2 * RATE, 2 * RATE + allowed);
    assertThat(answers).contains("HTTP/1.1 429").contains("too many requests from this address");
  }

  /// One answer, of which the length of the body is known.
  private static String answerOf(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      answer.append((char) socket.getInputStream().read());
    }
    String head = answer.toString().toLowerCase(java.util.Locale.ROOT);
    String length = head.substring(head.indexOf("content-length: ") + 16);
    int bytes = Integer.parseInt(length.substring(0, length.indexOf('\r')));
    return answer + new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsSentAgainIsDoneOnce() throws IOException {
    String key = "Idempotency-Key: 7f3a\r\n";
    String first = ask("POST", "/v1/moves", OPERATOR, key, MOVE);
    assertThat(ask("POST", "/v1/moves", OPERATOR, key, MOVE)).isEqualTo(first);
    assertThat(source.asked).hasSize(1);
    assertThat(source.audit.recorded()).extracting(AuditEvent::action).hasSize(1);

    assertThat(ask("POST", "/v1/moves", OPERATOR, key, "{\"plan\":\"p-2\"}"))
        .startsWith("HTTP/1.1 422")
        .contains("key used before");
    assertThat(status("POST", "/v1/plans", OPERATOR, key, MOVE)).isEqualTo(422);
    assertThat(source.asked).hasSize(1);

    assertThat(status("POST", "/v1/moves", ADMIN, key, MOVE)).isEqualTo(202); // a key of their own
    assertThat(status("POST", "/v1/moves", OPERATOR, "Idempotency-Key: 8\r\n", MOVE))
        .isEqualTo(202);
    assertThat(source.asked).hasSize(3);
  }

  @Test
  void whatIsSentAgainWhileItRunsWaitsForTheSameAnswer() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    source.before = () -> gate;
    String key = "Idempotency-Key: k\r\n";
    var first = CompletableFuture.supplyAsync(() -> quietly(key));
    var second = CompletableFuture.supplyAsync(() -> quietly(key));
    Await.until("one is asked for", () -> !source.asked.isEmpty());
    gate.complete(null);
    assertThat(first.get()).startsWith("HTTP/1.1 202").isEqualTo(second.get());
    assertThat(source.asked).hasSize(1);
  }

  private String quietly(String headers) {
    try {
      return ask("POST", "/v1/moves", OPERATOR, headers, MOVE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aRefusalIsAnAnswerTooUnlessNothingWasAnswered() throws IOException {
    String key = "Idempotency-Key: k\r\n";
    source.refusal = Refused.unavailable("the target does not answer");
    assertThat(status("POST", "/v1/moves", OPERATOR, key, MOVE)).isEqualTo(503);
    source.refusal = Refused.changed("b is behind");
    assertThat(status("POST", "/v1/moves", OPERATOR, key, MOVE)).isEqualTo(409);
    source.refusal = null;
    assertThat(status("POST", "/v1/moves", OPERATOR, key, MOVE)).isEqualTo(409);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Idempotency-Key: \r\n", "Idempotency-Key: a\r\nIdempotency-Key: b\r\n"})
  void aKeyIsOneWord(String headers) throws IOException {
    assertThat(status("POST", "/v1/moves", OPERATOR, headers, MOVE)).isEqualTo(400);
    assertThat(
            status(
                "POST",
                "/v1/moves",
                OPERATOR,
                "Idempotency-Key: " + "k".repeat(129) + "\r\n",
                MOVE))
        .isEqualTo(400);
    assertThat(source.asked).isEmpty();
  }

  /// Their answer would lie in RAM for as long as they like.
  @Test
  void whoDoesNotReadTheAnswerIsSentAway() throws Exception {
    openWith(bounds(1_000, 1, Duration.ofMillis(500)));
    source.sessions =
        java.util.stream.IntStream.range(0, 60_000)
            .mapToObj(
                i ->
                    FakeControlSource.session(
                        "w-" + i, "u", "idle", dev.baton.model.Movability.MOVABLE))
            .toList();
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4_096);
      socket.connect(server.address());
      socket
          .getOutputStream()
          .write(
              "GET /v1/sessions?limit=100000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      Await.until("sent away", () -> server.connections() == 0 && source.looks() > 0);
    }
  }
}
