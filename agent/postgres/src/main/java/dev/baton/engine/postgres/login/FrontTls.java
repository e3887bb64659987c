package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.SecretBytes;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The certificate of a front and what follows from it.
///
/// @param binding `tls-server-end-point` (RFC 5929): null when the certificate's signature has no
///   hash of its own; then SCRAM-SHA-256-PLUS is not offered
record FrontTls(SslContext context, @Nullable SecretBytes binding) {
  /// By which a client that begins with TLS must name this protocol, so that nobody can lead it
  /// here from another one.
  static final String ALPN = "postgresql";

  /// @param certificate PEM chain, the server's own first
  /// @param privateKey PEM, PKCS #8
  static FrontTls read(Path certificate, Path privateKey) throws IOException {
    try (InputStream in = Files.newInputStream(certificate)) {
      X509Certificate first =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      SslContext context =
          SslContextBuilder.forServer(certificate.toFile(), privateKey.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      ALPN))
              .build();
      return new FrontTls(context, binding(first).orElse(null));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("cannot use certificate " + certificate + " with key " + privateKey, e);
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
