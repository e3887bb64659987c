package dev.baton.engine.postgres.scram;

import dev.baton.engine.postgres.wire.SecretBytes;
import java.security.SecureRandom;

/// The client's side of one exchange: [#firstMessage], [#finalMessage], [#checkServer], in this
/// order. Without channel binding, since an instance is reached over loopback or an authenticated
/// relay.
public final class ScramClient {
  public static final String MECHANISM = "SCRAM-SHA-256";

  /// More iterations than this would hold an event loop for about half a second.
  static final int MAX_ITERATIONS = 1_000_000;

  private static final String HEADER = "n,,";
  private static final int NONCE_BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeySource source;
  private final String nonce;
  private String authMessage = "";
  private SecretBytes serverKey = SecretBytes.of(new byte[0]);

  private ScramClient(KeySource source) {
    this.source = source;
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    this.nonce = ScramCrypto.base64(bytes);
  }

  public static ScramClient of(String password) {
    return new ScramClient(
        (salt, iterations) -> {
          byte[] salted = ScramCrypto.saltedPassword(password, salt, iterations);
          return new Keys(
              SecretBytes.of(ScramCrypto.hmac(salted, ScramCrypto.ascii("Client Key"))),
              SecretBytes.of(ScramCrypto.hmac(salted, ScramCrypto.ascii("Server Key"))));
        });
  }

  public static ScramClient of(Credential credential) {
    return new ScramClient((_, _) -> new Keys(credential.clientKey(), credential.serverKey()));
  }

  /// The user name is left out: a server takes it from the start-up packet.
  public String firstMessage() {
    return HEADER + firstBare();
  }

  public String finalMessage(String serverFirst) throws ScramFailure {
    String[] parts = serverFirst.split(",", -1);
    if (parts.length < 3
        || !parts[0].startsWith("r=" + nonce)
        || parts[0].length() == nonce.length() + 2
        || !parts[1].startsWith("s=")
        || !parts[2].startsWith("i=")) {
      throw ScramFailure.malformed("the server's first message does not go with ours");
    }
    byte[] salt = ScramCrypto.fromBase64(parts[1].substring(2), "salt");
    Keys keys = source.keys(salt, iterations(parts[2].substring(2)));
    serverKey = keys.serverKey();
    String withoutProof = "c=" + ScramCrypto.base64(ScramCrypto.ascii(HEADER)) + "," + parts[0];
    authMessage = firstBare() + "," + serverFirst + "," + withoutProof;
    byte[] clientKey = keys.clientKey().toArray();
    byte[] storedKey = ScramCrypto.hash(clientKey);
    byte[] signature = ScramCrypto.hmac(storedKey, ScramCrypto.ascii(authMessage));
    return withoutProof + ",p=" + ScramCrypto.base64(ScramCrypto.xor(clientKey, signature));
  }

  /// A server that does not know the user's verifier is none of ours.
  public void checkServer(String serverFinal) throws ScramFailure {
    if (!serverFinal.startsWith("v=")) {
      throw ScramFailure.malformed("the server's final message has no signature");
    }
    SecretBytes given =
        SecretBytes.of(ScramCrypto.fromBase64(serverFinal.substring(2), "server signature"));
    SecretBytes expected = SecretBytes.of(ScramCrypto.hmac(serverKey, authMessage));
    if (authMessage.isEmpty() || !expected.equals(given)) {
      throw new ScramFailure(
          ScramFailure.INVALID_AUTHORIZATION, "the server does not prove to know the user");
    }
  }

  private String firstBare() {
    return "n=,r=" + nonce;
  }

  private static int iterations(String text) throws ScramFailure {
    try {
      int iterations = Integer.parseInt(text);
      if (iterations >= 1 && iterations <= MAX_ITERATIONS) {
        return iterations;
      }
    } catch (NumberFormatException e) {
      throw ScramFailure.malformed("iteration count is no number");
    }
    throw ScramFailure.malformed("iteration count " + text + " is out of range");
  }

  private record Keys(SecretBytes clientKey, SecretBytes serverKey) {}

  @FunctionalInterface
  private interface KeySource {
    Keys keys(byte[] salt, int iterations);
  }
}
