package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.SecretBytes;
import dev.baton.net.AccessPolicy;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// The certificate of a front and what follows from it.
///
/// @param binding `tls-server-end-point` (RFC 5929): null when the certificate's signature has no
///   hash of its own; then SCRAM-SHA-256-PLUS is not offered
record FrontTls(SslContext context, @Nullable SecretBytes binding) {
  /// By which a client that begins with TLS must name this protocol, so that nobody can lead it
  /// here from another one.
  static final String ALPN = "postgresql";

  private static final String PKCS1_MARK = "-----BEGIN RSA PRIVATE KEY";
  private static final String SEC1_MARK = "-----BEGIN EC PRIVATE KEY";

  static {
    // A client may ask for a new handshake as often as it wants, each of which costs this side far
    // more; a PostgreSQL server allows none either. Read once, before the first handshake.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  static FrontTls read(AccessPolicy.Tls tls) throws IOException {
    try (InputStream in = Files.newInputStream(tls.certificate())) {
      X509Certificate first =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (first == null) {
        throw new IOException(tls.certificate() + " holds no certificate");
      }
      return new FrontTls(context(tls), binding(first).orElse(null));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "cannot use certificate %s with key %s: %s"
              .formatted(tls.certificate(), tls.privateKey(), reason(tls.privateKey(), e)),
          e);
    }
  }

  private static SslContext context(AccessPolicy.Tls tls) throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(tls.certificate().toFile(), tls.privateKey().toFile())
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3", "TLSv1.2")
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    ALPN));
    Path clientCa = tls.clientCa();
    if (clientCa != null) {
      // Whether one is needed is for the access rules to say; one that is shown must be good.
      builder.trustManager(clientCa.toFile()).clientAuth(ClientAuth.OPTIONAL);
    }
    return builder.build();
  }

  private static String reason(Path privateKey, Exception e) throws IOException {
    String text = Files.readString(privateKey, StandardCharsets.ISO_8859_1);
    if (text.contains(PKCS1_MARK) || text.contains(SEC1_MARK)) {
      return "the key is in an older form; run: openssl pkcs8 -topk8 -nocrypt -in %s -out NEW.key"
          .formatted(privateKey);
    }
    return String.valueOf(e.getMessage());
  }

  /// Common name of the certificate that a client has shown: empty when it has shown none, and an
  /// empty text when that names none. Of several the first one counts, as for a server.
  static Optional<String> commonName(SslHandler handler) {
    try {
      X509Certificate shown =
          (X509Certificate) handler.engine().getSession().getPeerCertificates()[0];
      LdapName name = new LdapName(shown.getSubjectX500Principal().getName());
      for (Rdn part : name.getRdns()) {
        Attribute common = part.toAttributes().get("CN");
        if (common != null && common.get() instanceof String text) {
          return Optional.of(text);
        }
      }
      return Optional.of("");
    } catch (SSLPeerUnverifiedException | NamingException e) {
      return Optional.empty();
    }
  }

  SslHandler handler(ByteBufAllocator allocator, long timeoutMillis) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(timeoutMillis);
    return handler;
  }

  /// The certificate, hashed with the hash of its signature, and with SHA-256 where that is MD5 or
  /// SHA-1.
  private static Optional<SecretBytes> binding(X509Certificate certificate)
      throws GeneralSecurityException {
    String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    int with = name.indexOf("WITH");
    if (with < 0) {
      return Optional.empty();
    }
    String hash =
        switch (name.substring(0, with)) {
          case "MD5", "SHA1", "SHA256" -> "SHA-256";
          case "SHA224" -> "SHA-224";
          case "SHA384" -> "SHA-384";
          case "SHA512" -> "SHA-512";
          default -> "";
        };
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        SecretBytes.of(MessageDigest.getInstance(hash).digest(certificate.getEncoded())));
  }
}
