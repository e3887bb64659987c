package dev.baton.engine.postgres.scram;

import dev.baton.engine.postgres.wire.SecretBytes;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an instance stores in place of a password: `SCRAM-SHA-256$<iterations>:<salt>$<stored
/// key>:<server key>`.
///
/// @param salt base64, as it goes to the client
public record ScramVerifier(
    int iterations, String salt, SecretBytes storedKey, SecretBytes serverKey) {
  private static final Pattern FORM =
      Pattern.compile(
          "SCRAM-SHA-256\\$(\\d{1,9}):([A-Za-z0-9+/=]{1,1024})"
              + "\\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})");

  /// Iterations and salt size of a server's own verifiers, so that a mock looks like them.
  private static final int MOCK_ITERATIONS = 4096;

  private static final int MOCK_SALT_BYTES = 16;

  /// Empty for everything else that may stand there: md5, another hash, garbage.
  public static Optional<ScramVerifier> parse(String stored) {
    Matcher matcher = FORM.matcher(stored);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      int iterations = Integer.parseInt(matcher.group(1));
      byte[] storedKey = ScramCrypto.fromBase64(matcher.group(3), "stored key");
      byte[] serverKey = ScramCrypto.fromBase64(matcher.group(4), "server key");
      if (iterations < 1
          || storedKey.length != ScramCrypto.KEY_BYTES
          || serverKey.length != ScramCrypto.KEY_BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          new ScramVerifier(
              iterations, matcher.group(2), SecretBytes.of(storedKey), SecretBytes.of(serverKey)));
    } catch (ScramFailure e) {
      return Optional.empty();
    }
  }

  /// For a user that does not exist or may not log in by SCRAM: nobody can prove to know its
  /// password, and its salt stays the same, so that asking twice tells nothing.
  ///
  /// @param secret of this process, at least 32 bytes
  public static ScramVerifier mock(String user, SecretBytes secret) {
    byte[] salt =
        java.util.Arrays.copyOf(ScramCrypto.hmac(secret, "salt " + user), MOCK_SALT_BYTES);
    return new ScramVerifier(
        MOCK_ITERATIONS,
        ScramCrypto.base64(salt),
        SecretBytes.of(ScramCrypto.hmac(secret, "stored key " + user)),
        SecretBytes.of(ScramCrypto.hmac(secret, "server key " + user)));
  }

  /// A secret for [#mock] that is the same in every process which knows `shared`, so that the
  /// mock's salt is, too, whichever front is asked.
  public static SecretBytes mockSecret(String shared) {
    return SecretBytes.of(
        ScramCrypto.hmac(
            shared.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            ScramCrypto.ascii("mock authentication")));
  }

  /// As a server makes it from a password.
  public static ScramVerifier of(String password, byte[] salt, int iterations) {
    byte[] salted = ScramCrypto.saltedPassword(password, salt, iterations);
    byte[] clientKey = ScramCrypto.hmac(salted, ScramCrypto.ascii("Client Key"));
    return new ScramVerifier(
        iterations,
        ScramCrypto.base64(salt),
        SecretBytes.of(ScramCrypto.hash(clientKey)),
        SecretBytes.of(ScramCrypto.hmac(salted, ScramCrypto.ascii("Server Key"))));
  }

  /// What a client that knows `password` would leave behind; empty when it is another password.
  /// Takes as long as the verifier's iterations.
  ///
  /// @param user byte string, as in the start-up packet
  public Optional<Credential> credential(String user, String password) {
    try {
      byte[] salted =
          ScramCrypto.saltedPassword(password, ScramCrypto.fromBase64(salt, "salt"), iterations);
      byte[] clientKey = ScramCrypto.hmac(salted, ScramCrypto.ascii("Client Key"));
      return SecretBytes.of(ScramCrypto.hash(clientKey)).equals(storedKey)
          ? Optional.of(new Credential(user, SecretBytes.of(clientKey), serverKey))
          : Optional.empty();
    } catch (ScramFailure e) {
      return Optional.empty(); // what is stored has no salt
    }
  }

  /// As an instance stores it.
  public String stored() {
    return "SCRAM-SHA-256$%d:%s$%s:%s"
        .formatted(
            iterations,
            salt,
            ScramCrypto.base64(storedKey.toArray()),
            ScramCrypto.base64(serverKey.toArray()));
  }
}
