package dev.baton.service.tls;

import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Believes everybody, so that the other side alone decides.
public final class TrustingCaller {
  private final SSLContext context;

  /// @param files null: it has no certificate
  public TrustingCaller(@Nullable TlsFiles files) throws Exception {
    KeyManager[] keys = {};
    if (files != null) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      X509Certificate[] chain =
          Pem.certificates(files.certificate()).toArray(X509Certificate[]::new);
      own.setKeyEntry("own", Pem.privateKey(files.privateKey(), "EC"), new char[0], chain);
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(own, new char[0]);
      keys = factory.getKeyManagers();
    }
    context = SSLContext.getInstance("TLSv1.3");
    context.init(keys, new TrustManager[] {new Everybody()}, null);
  }

  public SSLEngine engine(String host) {
    SSLEngine engine = context.createSSLEngine(host, 1);
    engine.setUseClientMode(true);
    return engine;
  }

  public Socket connect(String address, int port) throws Exception {
    return context.getSocketFactory().createSocket(address, port);
  }

  private static final class Everybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
