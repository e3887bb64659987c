package dev.baton.engine.postgres.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.engine.postgres.wire.SecretBytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScramTest {
  private static final ScramVerifier VERIFIER = ScramVerifier.of("pencil", new byte[16], 4096);
  private static final SecretBytes BINDING = SecretBytes.of(new byte[] {1, 2, 3});

  /// The example of RFC 7677.
  @Test
  void keysAreThoseOfTheStandard() {
    byte[] salt = java.util.Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    ScramVerifier verifier = ScramVerifier.of("pencil", salt, 4096);
    String authMessage =
        "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    assertThat(ScramCrypto.base64(ScramCrypto.hmac(verifier.serverKey(), authMessage)))
        .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    byte[] proof =
        java.util.Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    byte[] clientKey = ScramCrypto.xor(proof, ScramCrypto.hmac(verifier.storedKey(), authMessage));
    assertThat(SecretBytes.of(ScramCrypto.hash(clientKey))).isEqualTo(verifier.storedKey());
  }

  @Test
  void theKeyRecoveredFromAProofLogsInToAnotherServerWithTheSameVerifier() throws Exception {
    ScramServer first = new ScramServer("alice", VERIFIER, false, null);
    ScramClient client = ScramClient.of("pencil");
    ScramServer.Proved proved =
        first.finish(client.finalMessage(first.first(client.firstMessage()))).orElseThrow();
    client.checkServer(proved.serverFinal());

    ScramServer second = new ScramServer("alice", VERIFIER, false, null);
    ScramClient again = ScramClient.of(proved.credential());
    ScramServer.Proved secondProof =
        second.finish(again.finalMessage(second.first(again.firstMessage()))).orElseThrow();
    again.checkServer(secondProof.serverFinal());
  }

  @Test
  void aWrongPasswordProvesNothing() throws Exception {
    assertThat(exchange(ScramClient.of("pen"), VERIFIER)).isEmpty();
  }

  @Test
  void nobodyCanProveTheMockAndItsSaltStaysTheSame() throws Exception {
    SecretBytes secret = SecretBytes.of(new byte[32]);
    ScramVerifier mock = ScramVerifier.mock("nobody", secret);
    assertThat(ScramVerifier.mock("nobody", secret)).isEqualTo(mock);
    assertThat(ScramVerifier.mock("somebody", secret).salt()).isNotEqualTo(mock.salt());
    assertThat(exchange(ScramClient.of(""), mock)).isEmpty();
  }

  @Test
  void aServerThatDoesNotKnowTheUserIsRefused() throws Exception {
    ScramClient client = ScramClient.of("pencil");
    ScramServer server = new ScramServer("alice", VERIFIER, false, null);
    client.finalMessage(server.first(client.firstMessage()));
    String forged = "v=" + ScramCrypto.base64(new byte[32]);
    assertThatThrownBy(() -> client.checkServer(forged)).isInstanceOf(ScramFailure.class);
  }

  @Test
  void storedVerifiersAreReadAndEverythingElseIsNone() {
    assertThat(ScramVerifier.parse(VERIFIER.stored())).contains(VERIFIER);
    for (String other :
        new String[] {
          "",
          "md5d8578edf8458ce06fbc5bb76a58c5ca4",
          "SCRAM-SHA-256$0:AAAA$" + "A".repeat(43) + "=:" + "A".repeat(43) + "=",
          "SCRAM-SHA-256$4096:AAAA$" + "A".repeat(44) + ":" + "A".repeat(43) + "=",
          VERIFIER.stored() + "x"
        }) {
      assertThat(ScramVerifier.parse(other)).as(other).isEmpty();
    }
  }

  @Test
  void malformedFirstMessagesAreRefusedAsAServerDoes() {
    assertFirst("", false, null, "08P01");
    assertFirst("n", false, null, "08P01");
    assertFirst("x,,n=,r=abc", false, null, "08P01");
    assertFirst("n,a=admin,n=,r=abc", false, null, "0A000");
    assertFirst("n,b,n=,r=abc", false, null, "08P01");
    assertFirst("n,,m=x,n=,r=abc", false, null, "0A000");
    assertFirst("n,,r=abc", false, null, "08P01");
    assertFirst("n,,n=,r=a\u0007", false, null, "08P01");
    assertFirst("n,,n=,r=a\0", false, null, "08P01");
  }

  @Test
  void takingTheChannelBindingAwayIsNoticed() {
    assertFirst("y,,n=,r=abc", false, BINDING, "28000");
    assertFirst("n,,n=,r=abc", true, BINDING, "08P01");
    assertFirst("p=tls-server-end-point,,n=,r=abc", false, BINDING, "08P01");
    assertFirst("p=tls-unique,,n=,r=abc", true, BINDING, "08P01");
  }

  @Test
  void aForeignChannelBindingIsRefused() throws Exception {
    ScramServer server = new ScramServer("alice", VERIFIER, true, BINDING);
    String first = server.first("p=tls-server-end-point,,n=,r=abc");
    String nonce = first.substring(2, first.indexOf(','));
    byte[] foreign = ScramCrypto.ascii("p=tls-server-end-point,,\u0009\u0009\u0009");
    String message =
        "c=" + ScramCrypto.base64(foreign) + ",r=" + nonce + ",p=" + "A".repeat(43) + "=";
    assertThatThrownBy(() -> server.finish(message))
        .isInstanceOfSatisfying(
            ScramFailure.class, e -> assertThat(e.sqlState()).isEqualTo("28000"));
  }

  @Test
  void malformedFinalMessagesAreRefused() throws Exception {
    for (String wrong :
        new String[] {
          "",
          "c=biws",
          "c=biws,r=NONCE",
          "c=biws,r=NONCEx,p=" + "A".repeat(43) + "=",
          "c=biws,r=,p=" + "A".repeat(43) + "=",
          "c=eSws,r=NONCE,p=" + "A".repeat(43) + "=",
          "c=biws,r=NONCE,p=AAAA",
          "c=biws,r=NONCE,p=!!!!",
          "r=NONCE,c=biws,p=" + "A".repeat(43) + "="
        }) {
      ScramServer server = new ScramServer("alice", VERIFIER, false, null);
      String first = server.first("n,,n=,r=abc");
      String nonce = first.substring(2, first.indexOf(','));
      assertThatThrownBy(() -> server.finish(wrong.replace("NONCE", nonce)))
          .as(wrong)
          .isInstanceOfSatisfying(
              ScramFailure.class, e -> assertThat(e.sqlState()).isEqualTo("08P01"));
    }
  }

  @Test
  void aServersAbsurdIterationCountIsRefused() {
    for (String iterations : new String[] {"0", "-1", "1000001", "99999999999", "x"}) {
      ScramClient client = ScramClient.of("pencil");
      String nonce = client.firstMessage().substring("n,,n=,r=".length());
      assertThatThrownBy(() -> client.finalMessage("r=" + nonce + "x,s=AAAA,i=" + iterations))
          .isInstanceOf(ScramFailure.class);
    }
  }

  private static Optional<ScramServer.Proved> exchange(ScramClient client, ScramVerifier verifier)
      throws ScramFailure {
    ScramServer server = new ScramServer("alice", verifier, false, null);
    return server.finish(client.finalMessage(server.first(client.firstMessage())));
  }

  private static void assertFirst(
      String message, boolean plus, @Nullable SecretBytes binding, String sqlState) {
    ScramServer server = new ScramServer("alice", VERIFIER, plus, binding);
    assertThatThrownBy(() -> server.first(message))
        .as(message)
        .isInstanceOfSatisfying(
            ScramFailure.class, e -> assertThat(e.sqlState()).isEqualTo(sqlState));
  }
}
