package dev.baton.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.net.Transport;
import dev.baton.testing.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What callers get that mean harm: a refusal or a closed connection, and never an action.
class HostileRequestTest {
  private static final String GET = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n";
  private static final String LAST = GET + "Connection: close\r\n\r\n";

  private final FakeControlSource source = new FakeControlSource();
  private Transport transport;
  private ControlServer server;
  private String token;

  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    transport = Transport.open(1);
    Path file = folder.resolve("operator.token");
    OperatorToken.create(file);
    token = Files.readString(file).strip();
    server = serve(file, Duration.ofMinutes(1));
  }

  /// @param request until a request must be complete
  private ControlServer serve(Path token, Duration request) throws IOException {
    return ControlServer.open(
        ControlSettings.loopback(0, token),
        source,
        transport,
        new ControlServer.Bounds(
            4, request, Duration.ofMinutes(1), Duration.ofMinutes(1), 8, 1 << 20));
  }

  @AfterEach
  void close() {
    server.close();
    transport.close();
  }

  private String ask(String bytes) throws IOException {
    return Raw.ask(server.address(), bytes);
  }

  private String post(String headers, String body) {
    return "POST /v1/moves HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer "
        + token
        + "\r\nConnection: close\r\n"
        + headers
        + "\r\n"
        + body;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length : 5\r\n",
        "X: a\rY: b\r\n",
        "X\u0000: a\r\n",
      })
  void smuggledHeadersAreRefusedAndNothingBehindThemIsRun(String headers) throws IOException {
    String smuggled = "0\r\n\r\n" + post("Content-Length: 14\r\n", "{\"plan\":\"p-1\"}");
    String answer = ask(post(headers, smuggled));
    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(answer.indexOf("HTTP/1.1", 1)).as("one answer only").isEqualTo(-1);
    assertThat(source.asked).isEmpty();
  }

  @Test
  void aBodyBeyondTheBoundIsRefusedBeforeItIsRead() throws IOException {
    String answer = ask(post("Content-Length: 100000000\r\n", "x".repeat(200_000)));
    assertThat(answer).startsWith("HTTP/1.1 413").contains("65536 bytes");
    String chunks = "10000\r\n" + "x".repeat(65_536) + "\r\n";
    assertThat(ask(post("Transfer-Encoding: chunked\r\n", chunks + chunks)))
        .startsWith("HTTP/1.1 413");
    assertThat(source.asked).isEmpty();
  }

  @Test
  void headersAndRequestLineHaveBounds() throws IOException {
    assertThat(ask(GET + "X: " + "y".repeat(20_000) + "\r\n\r\n")).startsWith("HTTP/1.1 431");
    assertThat(ask("GET /" + "y".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
  }

  @Test
  void deepJsonIsRefusedAtItsDepth() throws IOException {
    String deep = "{\"plan\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}";
    assertThat(ask(post("Content-Length: " + deep.length() + "\r\n", deep)))
        .startsWith("HTTP/1.1 400");
    assertThat(source.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:6434", "127.0.0.1.evil.example", "[::2]"})
  void aNameThatWasPointedToTheLoopbackIsNotAnswered(String host) throws IOException {
    assertThat(ask("GET /v1/sessions HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
  }

  @Test
  void hostMustBeGivenOnce() throws IOException {
    assertThat(ask("GET /v1/status HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(ask(GET + "Host: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0016\u0003\u0001\u0002\u0000\u0001", "\r\n\r\nnonsense\r\n\r\n", "GET\r\n\r\n"})
  void whatIsNotHttpIsRefusedOrClosed(String bytes) throws IOException {
    assertThat(ask(bytes + "\r\n\r\n")).matches("(?s)(HTTP/1.1 4.*)?(\\[reset])?");
  }

  @Test
  void whoDribblesGetsNoMoreTimeThanWhoIsSilent() throws Exception {
    server.close();
    server = serve(folder.resolve("operator.token"), Duration.ofMillis(300));
    try (Socket socket = Raw.connect(server.address())) {
      socket.setSoTimeout(50);
      Await.until("closed though bytes keep coming", () -> isClosedAfterOneMore(socket));
    }
  }

  private static boolean isClosedAfterOneMore(Socket socket) {
    try {
      socket.getOutputStream().write('G');
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
    String answer =
        ask(
            "GET /primary HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + "GET /replica HTTP/1.1\r\nHost: localhost\r\n\r\n"
                + LAST);
    assertThat(answer.split("HTTP/1.1 ", -1))
        .extracting(part -> part.isEmpty() ? "" : part.substring(0, 3))
        .containsExactly("", "200", "503", "200");
  }

  @Test
  void connectionsBeyondTheBoundAreClosedAtOnce() throws IOException {
    try (Socket one = Raw.connect(server.address());
        Socket two = Raw.connect(server.address());
        Socket three = Raw.connect(server.address());
        Socket four = Raw.connect(server.address());
        Socket five = Raw.connect(server.address())) {
      assertThat(Raw.rest(five)).isIn("", "[reset]");
      four.getOutputStream().write(LAST.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(Raw.rest(four)).startsWith("HTTP/1.1 200");
      assertThat(one.isConnected() && two.isConnected() && three.isConnected()).isTrue();
    }
  }

  @Test
  void aForgedUserNameDoesNotReachTheLog() throws IOException {
    assertThat(ask(post("Baton-User: alice root\r\nContent-Length: 14\r\n", "{\"plan\":\"p-1\"}")))
        .startsWith("HTTP/1.1 400");
    assertThat(source.asked).isEmpty();
  }
}
