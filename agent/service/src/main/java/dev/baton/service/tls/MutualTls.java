package dev.baton.service.tls;

import dev.baton.service.config.OwnerOnly;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// TLS 1.3 between hosts of one cluster, in which both sides show certificates. What was read last
/// counts for connections that begin from then on; those that are there stay. Any thread.
public final class MutualTls {
  private static final String PROTOCOL = "TLSv1.3";

  /// A connection that resumes another's session spares both sides the signatures, and nobody looks
  /// at certificates again; so sessions are resumed for this long only.
  private static final int SESSION_SECONDS = 600;

  /// In TLS 1.3 a caller is through before the other side has looked at its certificate.
  private static final int VERDICT_MILLIS = 500;

  private final HostIdentity self;
  private volatile Material material;

  private record Material(SSLContext context, ClusterTrust trust, X509Certificate own) {}

  private MutualTls(HostIdentity self, Material material) {
    this.self = self;
    this.material = material;
  }

  /// @throws IOException when the files cannot be used for this host; the message says which, why
  ///   and what to do. A certificate that has ended is taken, and refused by the others
  public static MutualTls open(HostIdentity self, TlsFiles files) throws IOException {
    return new MutualTls(self, read(self, files));
  }

  /// Reads files anew. What is read counts when the result is run.
  ///
  /// @throws IOException as [#open(HostIdentity,TlsFiles)]; then nothing has changed
  public Runnable prepare(TlsFiles files) throws IOException {
    Material next = read(self, files);
    return () -> material = next;
  }

  private static Material read(HostIdentity self, TlsFiles files) throws IOException {
    Optional<String> open = OwnerOnly.problem(files.privateKey());
    if (open.isPresent()) {
      throw new IOException(open.get());
    }
    List<X509Certificate> chain = Pem.certificates(files.certificate());
    X509Certificate own = chain.getFirst();
    PrivateKey key = Pem.privateKey(files.privateKey(), own.getPublicKey().getAlgorithm());
    if (!Pem.belongTogether(own.getPublicKey(), key)) {
      throw new IOException(
          files.privateKey() + " is not the key of the certificate in " + files.certificate());
    }
    ClusterTrust trust = ClusterTrust.of(self.cluster(), files.ca());
    believed(self, files, chain, trust);
    return new Material(context(key, chain, trust), trust, own);
  }

  /// What this host itself would refuse, the others refuse, too.
  private static void believed(
      HostIdentity self, TlsFiles files, List<X509Certificate> chain, ClusterTrust trust)
      throws IOException {
    X509Certificate own = chain.getFirst();
    try {
      trust.mustName(own, self.host());
      if (Instant.now().isBefore(own.getNotAfter().toInstant())) {
        trust.checkClientTrusted(
            chain.toArray(X509Certificate[]::new), own.getPublicKey().getAlgorithm());
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "%s is of no use to %s: %s".formatted(files.certificate(), self, e.getMessage()), e);
    }
  }

  static SSLContext context(PrivateKey key, List<X509Certificate> chain, TrustManager... trust)
      throws IOException {
    try {
      char[] nobodyKnows = {};
      KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
      own.load(null, null);
      own.setKeyEntry("own", key, nobodyKnows, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, nobodyKnows);
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(keys.getKeyManagers(), trust, null);
      context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
      context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be had with these files: " + e.getMessage(), e);
    }
  }

  /// When this host's certificate ends.
  public Instant end() {
    return material.own().getNotAfter().toInstant();
  }

  /// For a connection to another host; one that is not that host is not talked to.
  ///
  /// @param port of the other host; sessions are resumed for the same host and port
  public SSLEngine caller(String host, int port) {
    SSLEngine engine = material.context().createSSLEngine(host, port);
    engine.setUseClientMode(true);
    return only13(engine);
  }

  /// For a connection that another host has made; who it is must be asked of [#mustBe].
  public SSLEngine called() {
    SSLEngine engine = material.context().createSSLEngine();
    engine.setUseClientMode(false);
    SSLEngine set = only13(engine);
    set.setNeedClientAuth(true);
    return set;
  }

  /// Connects to another host and waits whether it believes this one; nothing is said.
  ///
  /// @throws IOException when it is not reached or is not that host, or does not believe this one
  ///   ([#refusal(Throwable)])
  public void probe(String host, InetSocketAddress address, int boundMillis) throws IOException {
    try (Socket plain = new Socket()) {
      plain.connect(address, boundMillis);
      plain.setSoTimeout(boundMillis);
      try (SSLSocket socket =
          (SSLSocket)
              material
                  .context()
                  .getSocketFactory()
                  .createSocket(plain, host, address.getPort(), true)) {
        socket.setEnabledProtocols(new String[] {PROTOCOL});
        socket.startHandshake();
        mustBe(host, socket.getSession());
        socket.setSoTimeout(VERDICT_MILLIS);
        try {
          if (socket.getInputStream().read() < 0) {
            throw new IOException("it ended the connection");
          }
        } catch (SocketTimeoutException e) {
          // it waits for a word: so it believes us
        }
      } catch (CertificateRefused e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  private static SSLEngine only13(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {PROTOCOL});
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// @throws CertificateRefused when the other side of a connection has not shown the certificate
  ///   of this host
  public void mustBe(String host, SSLEngine connection) throws CertificateRefused {
    mustBe(host, connection.getSession());
  }

  private void mustBe(String host, SSLSession session) throws CertificateRefused {
    try {
      if (!(session.getPeerCertificates()[0] instanceof X509Certificate shown)) {
        throw new CertificateRefused("it has shown no X.509 certificate");
      }
      material.trust().mustName(shown, host);
    } catch (SSLPeerUnverifiedException e) {
      throw new CertificateRefused("it has shown no certificate", e);
    }
  }

  /// What was wrong, for a person; empty when TLS has nothing to do with it.
  public static Optional<String> refusal(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateRefused) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return Optional.of(told(String.valueOf(cause.getMessage())));
      }
    }
    return Optional.empty();
  }

  private static String told(String message) {
    String small = message.toLowerCase(Locale.ROOT);
    if (small.contains("not an ssl/tls record") || small.contains("plaintext")) {
      return "it does not speak TLS: set peers.tls in its agent.yaml";
    }
    if (small.contains("received fatal alert")) {
      return "it refuses this host's certificate or TLS, and its own log says why ("
          + message
          + ")";
    }
    if (small.contains("empty client certificate chain")) {
      return "it shows no certificate: set peers.tls in its agent.yaml";
    }
    return "no TLS " + PROTOCOL.substring("TLSv".length()) + " with it: " + message;
  }
}
