package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.engine.postgres.login.RawClient;
import dev.baton.engine.postgres.scram.ScramClient;
import dev.baton.engine.postgres.wire.FrontendMessages;
import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.engine.postgres.wire.StartupPacket;
import dev.baton.testing.Await;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A client of any version of the protocol is told at its login, message for message, what a real
/// server of version 18 tells it, and can cancel with the key that it was given.
@Timeout(300)
class ProtocolVersionIT {
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

  @ParameterizedTest
  @CsvSource({
    "0, ''",
    "1, ''",
    "2, ''",
    "3, ''",
    "9999, ''",
    "0, _pq_.x",
    "2, _pq_.x",
    "9999, _pq_.x"
  })
  void isToldTheSame(int minor, String option) throws Exception {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", TestServer.USER);
    parameters.put("database", "postgres");
    parameters.put("application_name", "raw");
    if (!option.isEmpty()) {
      parameters.put(option, "1");
      parameters.put("_pq_.another", "2");
    }
    try (RawClient direct = new RawClient(server.port());
        RawClient through = new RawClient(front.port())) {
      List<String> said = said(login(direct, 3 << 16 | minor, parameters));
      assertThat(said(login(through, 3 << 16 | minor, parameters))).isEqualTo(said);
      assertThat(said).contains("R 0").last().isEqualTo("Z I");
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "2, 32"})
  void theWholeKeyCancelsAndNoPartOfIt(int minor, int keyBytes) throws Exception {
    Map<String, String> parameters = Map.of("user", TestServer.USER, "database", "postgres");
    try (RawClient client = new RawClient(front.port())) {
      byte[] data =
          login(client, 3 << 16 | minor, parameters).stream()
              .filter(message -> message[0] == 'K')
              .findFirst()
              .orElseThrow();
      byte[] key = Arrays.copyOfRange(data, 9, data.length);
      assertThat(key).hasSize(keyBytes);
      int processId = io.netty.buffer.Unpooled.wrappedBuffer(data).getInt(5);
      client.send(out -> FrontendMessages.query(out, "SELECT pg_sleep(30) /* version */"));
      awaitActive(processId);
      for (byte[] wrong :
          List.of(Arrays.copyOf(key, 4), new byte[keyBytes], Arrays.copyOf(key, 40))) {
        if (!Arrays.equals(wrong, key)) {
          cancel(processId, wrong);
        }
      }
      awaitActive(processId);
      cancel(processId, key);
      assertThat(client.verdict().code()).isEqualTo(Optional.of("57014"));
    }
  }

  /// Every extended attribute of the exchange behind GSSAPI and TLS requests stays possible.
  @Test
  void encryptionIsDeclinedAndTheLoginGoesOn() throws Exception {
    Map<String, String> parameters = Map.of("user", TestServer.USER, "database", "postgres");
    for (int port : new int[] {server.port(), front.port()}) {
      try (RawClient client = new RawClient(port)) {
        client.send(out -> out.writeInt(8).writeInt(StartupPacket.GSS_ENC_REQUEST));
        client.expectLetter('N').send(StartupPacket::writeSslRequest).expectLetter('N');
        assertThat(said(login(client, StartupPacket.VERSION_3_2, parameters)))
            .last()
            .isEqualTo("Z I");
      }
    }
  }

  private static void cancel(int processId, byte[] key) throws Exception {
    try (RawClient cancel = new RawClient(front.port())) {
      cancel.send(out -> StartupPacket.writeCancelRequest(out, processId, SecretBytes.of(key)));
      assertThat(cancel.end()).isEqualTo(new RawClient.Verdict(Optional.empty(), true));
    }
  }

  private static void awaitActive(int processId) {
    Await.until(
        processId + " is active",
        () ->
            server
                .ask("SELECT state FROM pg_stat_activity WHERE pid = " + processId)
                .equals("active"));
  }

  /// All messages up to ReadyForQuery, or to the end.
  private static List<byte[]> login(RawClient client, int version, Map<String, String> parameters)
      throws Exception {
    client.startup(version, parameters);
    ScramClient scram = ScramClient.of(TestServer.PASSWORD);
    List<byte[]> messages = new ArrayList<>();
    while (true) {
      byte[] message = client.read();
      messages.add(message);
      if (message[0] == 'Z' || message[0] == 'E') {
        return messages;
      }
      if (message[0] == 'R') {
        String text = new String(message, StandardCharsets.ISO_8859_1).substring(9);
        switch (message[8]) {
          case 10 -> client.saslInitial("SCRAM-SHA-256", scram.firstMessage());
          case 11 -> client.saslResponse(scram.finalMessage(text));
          case 12 -> scram.checkServer(text);
          default -> assertThat(message[8]).isZero();
        }
      }
    }
  }

  /// Without what is new each time.
  private static List<String> said(List<byte[]> messages) {
    return messages.stream()
        .map(
            message ->
                switch (message[0]) {
                  case 'R' -> "R " + message[8] + (message[8] == 10 ? text(message) : "");
                  case 'K' -> "K with a key of " + (message.length - 9) + " bytes";
                  case 'S' -> "S" + text(message);
                  case 'Z' -> "Z " + (char) message[5];
                  case 'v' -> "v " + ByteBufUtil.hexDump(message);
                  default -> (char) message[0] + text(message);
                })
        .toList();
  }

  private static String text(byte[] message) {
    return " "
        + new String(message, 5, message.length - 5, StandardCharsets.UTF_8).replace('\0', '|');
  }
}
