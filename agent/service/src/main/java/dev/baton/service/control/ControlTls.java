package dev.baton.service.control;

import dev.baton.service.config.OwnerOnly;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// TLS of the control interface.
final class ControlTls {
  private ControlTls() {}

  /// @throws IOException when certificate, key or authorities cannot be used; the message names
  ///   them
  static @Nullable SslContext context(ControlSettings.@Nullable Tls tls) throws IOException {
    if (tls == null) {
      return null;
    }
    Optional<String> open = OwnerOnly.problem(tls.privateKey());
    if (open.isPresent()) {
      throw new IOException(open.get());
    }
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(tls.certificate().toFile(), tls.privateKey().toFile())
              .protocols("TLSv1.3", "TLSv1.2");
      if (tls.clientCa() != null) {
        builder.trustManager(tls.clientCa().toFile()).clientAuth(ClientAuth.OPTIONAL);
      }
      return builder.build();
    } catch (IllegalArgumentException | SSLException e) {
      throw new IOException(
          "%s cannot be used for the control interface: %s".formatted(tls, e.getMessage()), e);
    }
  }

  /// Common name of the certificate that the client has shown, and that comes from one of our
  /// authorities; null when there is none.
  static @Nullable String commonName(@Nullable SslHandler handler) {
    if (handler == null) {
      return null;
    }
    try {
      return handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate shown
          ? commonName(shown)
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null; // it has shown none
    }
  }

  private static @Nullable String commonName(X509Certificate certificate) {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return String.valueOf(part.getValue());
        }
      }
    } catch (InvalidNameException e) {
      return null; // no name that could have a role
    }
    return null;
  }
}
