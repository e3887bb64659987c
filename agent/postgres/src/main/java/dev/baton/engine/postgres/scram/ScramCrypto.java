package dev.baton.engine.postgres.scram;

import dev.baton.engine.postgres.wire.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The functions of RFC 5802, section 3, with SHA-256.
final class ScramCrypto {
  static final int KEY_BYTES = 32;

  private ScramCrypto() {}

  static byte[] hmac(byte[] key, byte[] text) {
    return mac(key).doFinal(text);
  }

  static byte[] hmac(SecretBytes key, String text) {
    return hmac(key.toArray(), ascii(text));
  }

  static byte[] hash(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static byte[] xor(byte[] a, byte[] b) {
    byte[] result = new byte[a.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) (a[i] ^ b[i]);
    }
    return result;
  }

  /// PBKDF2 with one block. Costs about half a microsecond an iteration.
  static byte[] saltedPassword(String password, byte[] salt, int iterations) {
    Mac mac = mac(normalized(password).getBytes(StandardCharsets.UTF_8));
    mac.update(salt);
    byte[] last = mac.doFinal(new byte[] {0, 0, 0, 1});
    byte[] result = last.clone();
    for (int i = 1; i < iterations; i++) {
      last = mac.doFinal(last);
      for (int j = 0; j < KEY_BYTES; j++) {
        result[j] ^= last[j];
      }
    }
    return result;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte[] fromBase64(String text, String what) throws ScramFailure {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw ScramFailure.malformed(what + " is no base64");
    }
  }

  /// SASLprep changes nothing in ASCII, and in other texts that people use as passwords it is this
  /// normal form.
  private static String normalized(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFKC);
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
