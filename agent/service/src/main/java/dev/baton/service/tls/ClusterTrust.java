package dev.baton.service.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Believes certificates of the cluster's hosts and no others. A caller knows which host it wants
/// and says so as its engine's peer; who is called learns from the hello which host the caller
/// claims to be, and asks [#mustName(X509Certificate,String)] then.
final class ClusterTrust extends X509ExtendedTrustManager {
  private final String cluster;
  private final Path ca;
  private final X509ExtendedTrustManager chains;

  private ClusterTrust(String cluster, Path ca, X509ExtendedTrustManager chains) {
    this.cluster = cluster;
    this.ca = ca;
    this.chains = chains;
  }

  /// @param ca PEM of the authorities
  static ClusterTrust of(String cluster, Path ca) throws IOException {
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(authorities(ca));
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager chains) {
          return new ClusterTrust(cluster, ca, chains);
        }
      }
      throw new IllegalStateException("every JDK checks chains");
    } catch (GeneralSecurityException e) {
      throw new IOException(ca + " holds no authority: " + e.getMessage(), e);
    }
  }

  static KeyStore authorities(Path ca) throws IOException, GeneralSecurityException {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    List<X509Certificate> all = Pem.certificates(ca);
    for (int i = 0; i < all.size(); i++) {
      authorities.setCertificateEntry("ca" + i, all.get(i));
    }
    return authorities;
  }

  /// @throws CertificateRefused when it is the certificate of another host, or of none
  void mustName(X509Certificate certificate, String host) throws CertificateRefused {
    Optional<HostIdentity> named = HostIdentity.of(certificate);
    HostIdentity wanted = new HostIdentity(cluster, host);
    if (!named.equals(Optional.of(wanted))) {
      throw new CertificateRefused(
          "it claims to be %s, and its certificate is that of %s: put the certificate of %s there, or mend 'host' and 'cluster' in its agent.yaml"
              .formatted(wanted, told(named, certificate), wanted.uri()));
    }
  }

  private static String told(Optional<HostIdentity> named, X509Certificate certificate) {
    return named
        .map(HostIdentity::toString)
        .orElse("'" + certificate.getSubjectX500Principal().getName() + "', which names no host");
  }

  private void mustBeOfCluster(X509Certificate certificate) throws CertificateRefused {
    Optional<HostIdentity> named = HostIdentity.of(certificate);
    if (named.isEmpty() || !named.get().cluster().equals(cluster)) {
      throw new CertificateRefused(
          "its certificate is that of %s, and this is cluster '%s': give it one of baton://%s/HOST, or keep the two clusters' addresses apart"
              .formatted(told(named, certificate), cluster, cluster));
    }
  }

  @FunctionalInterface
  private interface Check {
    void run() throws CertificateException;
  }

  private void chain(X509Certificate[] chain, Check check) throws CertificateRefused {
    try {
      check.run();
    } catch (CertificateException e) {
      throw refused(chain[0], e);
    }
  }

  private CertificateRefused refused(X509Certificate shown, CertificateException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return new CertificateRefused(
            "its certificate, of %s, ended at %s, and by this host's clock it is %s: renew it there, or see to the clock"
                .formatted(
                    told(HostIdentity.of(shown), shown),
                    shown.getNotAfter().toInstant(),
                    Instant.now()),
            e);
      }
      if (cause instanceof CertificateNotYetValidException) {
        return new CertificateRefused(
            "its certificate, of %s, begins at %s, and by this host's clock it is %s: see to both clocks"
                .formatted(
                    told(HostIdentity.of(shown), shown),
                    shown.getNotBefore().toInstant(),
                    Instant.now()),
            e);
      }
    }
    return new CertificateRefused(
        "its certificate, of %s, comes from '%s', which is not in %s: take certificates of one authority on all hosts (baton init), or add that authority's there (%s)"
            .formatted(
                told(HostIdentity.of(shown), shown),
                shown.getIssuerX500Principal().getName(),
                ca,
                e.getMessage()),
        e);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    chain(chain, () -> chains.checkServerTrusted(chain, kind, engine));
    named(chain[0], engine.getPeerHost());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    chain(chain, () -> chains.checkServerTrusted(chain, kind, socket));
    mustBeOfCluster(chain[0]);
  }

  private void named(X509Certificate certificate, @Nullable String host) throws CertificateRefused {
    mustBeOfCluster(certificate);
    if (host == null) {
      throw new CertificateRefused("nobody said which host this is to be");
    }
    mustName(certificate, host);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    chain(chain, () -> chains.checkServerTrusted(chain, kind));
    mustBeOfCluster(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    chain(chain, () -> chains.checkClientTrusted(chain, kind, engine));
    mustBeOfCluster(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    chain(chain, () -> chains.checkClientTrusted(chain, kind, socket));
    mustBeOfCluster(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    chain(chain, () -> chains.checkClientTrusted(chain, kind));
    mustBeOfCluster(chain[0]);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chains.getAcceptedIssuers();
  }
}
