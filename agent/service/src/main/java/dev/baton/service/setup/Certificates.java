package dev.baton.service.setup;

import dev.baton.service.tls.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How long certificates last, and whether keys are theirs.
final class Certificates {
  private static final Duration SOON = Duration.ofDays(30);

  private Certificates() {}

  static List<Finding> look(String subject, Path file, Path keyFile, Instant now) {
    List<Finding> findings = new ArrayList<>();
    List<X509Certificate> chain;
    try {
      chain = Pem.certificates(file);
    } catch (IOException e) {
      return List.of(
          Finding.wrong(
              subject, file + " cannot be read: " + e.getMessage(), "put a PEM certificate there"));
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
        "make a new one (baton init --renew with the cluster's folder), put it in place and reload"
            + " baton-agent and baton-coordination";
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
      PrivateKey key = Pem.privateKey(file, open.getAlgorithm());
      return Pem.belongTogether(open, key)
          ? List.of()
          : List.of(
              Finding.wrong(
                  subject,
                  file + " is not the key of the certificate",
                  "put the key there with which the certificate was requested"));
    } catch (IOException e) {
      return List.of(
          Finding.wrong(
              subject,
              "the key in " + file + " cannot be read: " + e.getMessage(),
              "put a PEM key of PKCS #8 there, not encrypted (openssl pkcs8 -topk8 -nocrypt)"));
    }
  }
}
