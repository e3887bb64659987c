package dev.baton.engine.postgres.scram;

import dev.baton.engine.postgres.wire.SecretBytes;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The server's side of one exchange: [#first], then [#finish]. What it refuses, and with which
/// SQLSTATE, is what a PostgreSQL server does.
public final class ScramServer {
  public static final String MECHANISM = "SCRAM-SHA-256";
  public static final String MECHANISM_PLUS = "SCRAM-SHA-256-PLUS";

  /// Longest SASL message that a server reads (`PG_MAX_SASL_MESSAGE_LENGTH`); a longer one is a
  /// failed authentication.
  public static final int MAX_MESSAGE_BYTES = 1024;

  private static final String BINDING_TYPE = "tls-server-end-point";
  private static final int NONCE_BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String user;
  private final ScramVerifier verifier;
  private final boolean plus;
  private final @Nullable SecretBytes binding;
  private String header = "";
  private String clientFirstBare = "";
  private String serverFirst = "";
  private String nonce = "";

  /// @param user of the start-up packet; the one in the exchange is ignored
  /// @param plus whether the client chose [#MECHANISM_PLUS]
  /// @param binding `tls-server-end-point` of the connection; null without TLS
  public ScramServer(
      String user, ScramVerifier verifier, boolean plus, @Nullable SecretBytes binding) {
    this.user = user;
    this.verifier = verifier;
    this.plus = plus;
    this.binding = binding;
  }

  /// What is proved: the client's key, and what to tell the client.
  public record Proved(Credential credential, String serverFinal) {}

  /// Takes the client's first message and gives the server's.
  public String first(String clientFirst) throws ScramFailure {
    checkText(clientFirst);
    int afterFlag = clientFirst.indexOf(',');
    if (afterFlag < 0) {
      throw ScramFailure.malformed("comma expected after the channel-binding flag");
    }
    checkBindingFlag(clientFirst.substring(0, afterFlag));
    String rest = clientFirst.substring(afterFlag + 1);
    if (rest.startsWith("a=")) {
      throw new ScramFailure(
          ScramFailure.FEATURE_NOT_SUPPORTED,
          "client uses authorization identity, but it is not supported");
    }
    if (!rest.startsWith(",")) {
      throw ScramFailure.malformed("unexpected attribute in client-first-message");
    }
    header = clientFirst.substring(0, afterFlag + 2);
    clientFirstBare = rest.substring(1);
    nonce = clientNonce(clientFirstBare) + ownNonce();
    serverFirst = "r=" + nonce + ",s=" + verifier.salt() + ",i=" + verifier.iterations();
    return serverFirst;
  }

  /// Takes the client's final message.
  ///
  /// @return empty when the proof is wrong: to the client that is a wrong password
  public Optional<Proved> finish(String clientFinal) throws ScramFailure {
    checkText(clientFinal);
    int proofAt = clientFinal.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw ScramFailure.malformed("proof not found in client-final-message");
    }
    String withoutProof = clientFinal.substring(0, proofAt);
    String[] parts = withoutProof.split(",", -1);
    if (parts.length < 2 || !parts[0].startsWith("c=") || !parts[1].startsWith("r=")) {
      throw ScramFailure.malformed("attributes c and r expected in client-final-message");
    }
    checkBinding(parts[0].substring(2));
    if (!same(parts[1].substring(2), nonce)) {
      throw ScramFailure.malformed("nonce does not match");
    }
    byte[] proof = ScramCrypto.fromBase64(clientFinal.substring(proofAt + 3), "proof");
    if (proof.length != ScramCrypto.KEY_BYTES) {
      throw ScramFailure.malformed("proof of wrong length in client-final-message");
    }
    String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
    byte[] signature = ScramCrypto.hmac(verifier.storedKey(), authMessage);
    byte[] clientKey = ScramCrypto.xor(proof, signature);
    if (!SecretBytes.of(ScramCrypto.hash(clientKey)).equals(verifier.storedKey())) {
      return Optional.empty();
    }
    byte[] serverSignature = ScramCrypto.hmac(verifier.serverKey(), authMessage);
    return Optional.of(
        new Proved(
            new Credential(user, SecretBytes.of(clientKey), verifier.serverKey()),
            "v=" + ScramCrypto.base64(serverSignature)));
  }

  private void checkBindingFlag(String flag) throws ScramFailure {
    switch (flag) {
      case "n" -> {
        if (plus) {
          throw ScramFailure.malformed(
              "client chose SCRAM-SHA-256-PLUS without channel-binding data");
        }
      }
      case "y" -> {
        if (plus) {
          throw ScramFailure.malformed(
              "client chose SCRAM-SHA-256-PLUS without channel-binding data");
        }
        if (binding != null) {
          // The client could, and thinks that we cannot: somebody took the offer away on its way.
          throw new ScramFailure(
              ScramFailure.INVALID_AUTHORIZATION, "SCRAM channel binding negotiation error");
        }
      }
      default -> {
        if (!flag.startsWith("p=")) {
          throw ScramFailure.malformed("unexpected channel-binding flag");
        }
        if (!plus) {
          throw ScramFailure.malformed("client chose SCRAM-SHA-256, but sent channel-binding data");
        }
        if (!flag.substring(2).equals(BINDING_TYPE)) {
          throw new ScramFailure(
              ScramFailure.PROTOCOL_VIOLATION, "unsupported SCRAM channel-binding type");
        }
      }
    }
  }

  private void checkBinding(String given) throws ScramFailure {
    SecretBytes bound = binding;
    if (!plus || bound == null) {
      if (!same(given, ScramCrypto.base64(ScramCrypto.ascii(header)))) {
        throw new ScramFailure(
            ScramFailure.PROTOCOL_VIOLATION,
            "unexpected SCRAM channel-binding attribute in client-final-message");
      }
      return;
    }
    byte[] start = ScramCrypto.ascii(header);
    byte[] end = bound.toArray();
    byte[] expected = java.util.Arrays.copyOf(start, start.length + end.length);
    System.arraycopy(end, 0, expected, start.length, end.length);
    if (!same(given, ScramCrypto.base64(expected))) {
      throw new ScramFailure(
          ScramFailure.INVALID_AUTHORIZATION, "SCRAM channel binding check failed");
    }
  }

  private static String clientNonce(String bare) throws ScramFailure {
    if (bare.startsWith("m=")) {
      throw new ScramFailure(
          ScramFailure.FEATURE_NOT_SUPPORTED, "client requires an unsupported SCRAM extension");
    }
    String[] parts = bare.split(",", -1);
    if (parts.length < 2 || !parts[0].startsWith("n=") || !parts[1].startsWith("r=")) {
      throw ScramFailure.malformed("attributes n and r expected in client-first-message");
    }
    String nonce = parts[1].substring(2);
    if (!nonce.chars().allMatch(c -> c >= 0x21 && c <= 0x7E)) {
      throw new ScramFailure(
          ScramFailure.PROTOCOL_VIOLATION, "non-printable characters in SCRAM nonce");
    }
    return nonce;
  }

  private static void checkText(String message) throws ScramFailure {
    if (message.isEmpty()) {
      throw ScramFailure.malformed("the message is empty");
    }
    if (message.indexOf(0) >= 0) {
      throw ScramFailure.malformed("message length does not match input length");
    }
  }

  private static boolean same(String a, String b) {
    return java.security.MessageDigest.isEqual(ScramCrypto.ascii(a), ScramCrypto.ascii(b));
  }

  private static String ownNonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return ScramCrypto.base64(bytes);
  }
}
