package dev.baton.service.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/// Files of certificates and keys.
public final class Pem {
  private Pem() {}

  /// @return at least one
  /// @throws IOException naming the file, when there is none
  public static List<X509Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      return all;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificate: " + e.getMessage(), e);
    }
  }

  /// @param algorithm of the key, as the certificate says it
  /// @throws IOException naming the file, when it is no key of this kind
  public static PrivateKey privateKey(Path file, String algorithm) throws IOException {
    try {
      String text = Files.readString(file, US_ASCII);
      byte[] bytes =
          Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", "").strip());
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          file + " holds no " + algorithm + " key of PKCS #8: " + e.getMessage(), e);
    }
  }

  /// Whether what one has signed the other confirms.
  public static boolean belongTogether(PublicKey open, PrivateKey key) {
    String algorithm =
        switch (open.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> open.getAlgorithm();
        };
    byte[] text = "baton".getBytes(US_ASCII);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(open);
      verifier.update(text);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false; // a key of another curve or length
    }
  }
}
