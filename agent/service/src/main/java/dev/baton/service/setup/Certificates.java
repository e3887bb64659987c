package dev.baton.service.setup;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// How long certificates last, and whether keys are theirs.
final class Certificates {
  private static final Duration SOON = Duration.ofDays(30);

  private Certificates() {}

  static List<Finding> look(String subject, Path file, Path keyFile, Instant now) {
    List<Finding> findings = new ArrayList<>();
    List<X509Certificate> chain;
    try (InputStream in = Files.newInputStream(file)) {
      chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (IOException | GeneralSecurityException e) {
      return List.of(
          Finding.wrong(
              subject, file + " cannot be read: " + e.getMessage(), "put a PEM certificate there"));
    }
    if (chain.isEmpty()) {
      return List.of(Finding.wrong(subject, file + " holds none", "put a PEM certificate there"));
    }
    for (X509Certificate each : chain) {
      findings.add(expiry(subject, each, now));
    }
    findings.addAll(key(subject, chain.getFirst().getPublicKey(), keyFile));
    return findings;
  }

  private static Finding expiry(String subject, X509Certificate certificate, Instant now) {
    String name = certificate.getSubjectX500Principal().getName();
    Instant end = certificate.getNotAfter().toInstant();
    Duration left = Duration.between(now, end);
    String remedy =
        "make a new one (baton init with the cluster's folder, the host's folder removed), put it"
            + " in place and send the agent a SIGHUP";
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      return Finding.wrong(
          subject,
          name + " is not valid before " + certificate.getNotBefore().toInstant(),
          "see to this host's clock");
    }
    if (left.isNegative()) {
      return Finding.wrong(subject, name + " ended at " + end, remedy);
    }
    String text = name + " lasts until " + end + ", " + left.toDays() + " days";
    return left.compareTo(SOON) < 0
        ? Finding.warning(subject, text, remedy)
        : Finding.ok(subject, text);
  }

  private static List<Finding> key(String subject, PublicKey open, Path file) {
    try {
      String pem = Files.readString(file, US_ASCII);
      byte[] bytes =
          Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
      PrivateKey key =
          KeyFactory.getInstance(open.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(bytes));
      return matches(open, key)
          ? List.of()
          : List.of(
              Finding.wrong(
                  subject,
                  file + " is not the key of the certificate",
                  "put the key there with which the certificate was requested"));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return List.of(
          Finding.wrong(
              subject,
              "the key in " + file + " cannot be read: " + e.getMessage(),
              "put a PEM key of PKCS #8 there, not encrypted (openssl pkcs8 -topk8 -nocrypt)"));
    }
  }

  private static boolean matches(PublicKey open, PrivateKey key) throws GeneralSecurityException {
    String algorithm =
        switch (open.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> open.getAlgorithm();
        };
    byte[] text = "baton doctor".getBytes(US_ASCII);
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(text);
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(open);
    verifier.update(text);
    return verifier.verify(signer.sign());
  }
}
