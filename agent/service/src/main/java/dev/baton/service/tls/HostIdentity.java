package dev.baton.service.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A host of a cluster, as its certificate names it. The name of the cluster is in it since two
/// clusters may have certificates of one authority and hosts of the same names.
public record HostIdentity(String cluster, String host) {
  private static final String SCHEME = "baton://";

  /// Of subject alternative names, in X.509.
  private static final int KIND_URI = 6;

  /// As it stands among the certificate's subject alternative names.
  public String uri() {
    return SCHEME + cluster + "/" + host;
  }

  /// The first that a certificate names; empty when it is no certificate of a host.
  public static Optional<HostIdentity> of(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
    if (names == null) {
      return Optional.empty();
    }
    return names.stream()
        .filter(name -> name.getFirst().equals(KIND_URI))
        .map(name -> String.valueOf(name.get(1)))
        .flatMap(uri -> parse(uri).stream())
        .findFirst();
  }

  private static Optional<HostIdentity> parse(String uri) {
    int slash = uri.startsWith(SCHEME) ? uri.indexOf('/', SCHEME.length()) : -1;
    return slash < 0
        ? Optional.empty()
        : Optional.of(
            new HostIdentity(uri.substring(SCHEME.length(), slash), uri.substring(slash + 1)));
  }

  @Override
  public String toString() {
    return "host '" + host + "' of cluster '" + cluster + "'";
  }
}
