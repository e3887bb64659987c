package dev.baton.service.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Connections to servers whose certificates name their addresses, as usual in the web; for a look
/// at them, with blocking sockets.
public final class NamedServer {
  private NamedServer() {}

  /// @return after both sides have shown their certificates
  /// @throws IOException when it is not reached in time, or one side does not believe the other
  public static SSLSocket connect(TlsFiles files, InetSocketAddress address, int boundMillis)
      throws IOException {
    List<X509Certificate> chain = Pem.certificates(files.certificate());
    PrivateKey key =
        Pem.privateKey(files.privateKey(), chain.getFirst().getPublicKey().getAlgorithm());
    try {
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(ClusterTrust.authorities(files.ca()));
      Socket plain = new Socket();
      plain.connect(new InetSocketAddress(address.getHostString(), address.getPort()), boundMillis);
      plain.setSoTimeout(boundMillis);
      SSLSocket socket =
          (SSLSocket)
              MutualTls.context(key, chain, trust.getTrustManagers())
                  .getSocketFactory()
                  .createSocket(plain, address.getHostString(), address.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IOException(files.ca() + " holds no authority: " + e.getMessage(), e);
    }
  }
}
