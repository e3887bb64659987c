package dev.baton.service.coordination;

import dev.baton.service.config.OwnerOnly;
import dev.baton.service.config.SecretFiles;
import dev.baton.service.tls.Pem;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.ClientCnxnSocketNetty;
import org.apache.zookeeper.client.ZKClientConfig;

/// Keys and certificates in the one form that ZooKeeper reads: a file with the key and its chain,
/// and one with the authorities. Both are copies, in a folder of their user's own; a connection
/// that begins reads them, so a renewed certificate counts when it has been copied again.
public final class CoordinationTls {
  private static final String PROTOCOL = "TLSv1.3";

  private final Path own;
  private final Path authorities;

  private CoordinationTls(Path folder) {
    this.own = folder.resolve("coordination.pem");
    this.authorities = folder.resolve("coordination-ca.pem");
  }

  /// @param folder that its owner alone may write to
  /// @throws IOException when the files cannot be used; the message says which and what to do
  public static CoordinationTls in(Path folder, TlsFiles files) throws IOException {
    CoordinationTls tls = new CoordinationTls(folder);
    tls.copy(files);
    return tls;
  }

  /// Takes what the files hold now.
  ///
  /// @throws IOException as [#in(Path,TlsFiles)]; then nothing has changed
  public void copy(TlsFiles files) throws IOException {
    Optional<String> problem = problem(files);
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
    SecretFiles.write(authorities, Files.readString(files.ca()));
    SecretFiles.write(
        own, Files.readString(files.privateKey()) + Files.readString(files.certificate()));
  }

  /// What is wrong with files, and what to do; empty when they can be used.
  public static Optional<String> problem(TlsFiles files) {
    Optional<String> open = OwnerOnly.problem(files.privateKey());
    if (open.isPresent()) {
      return open;
    }
    try {
      List<X509Certificate> chain = Pem.certificates(files.certificate());
      PrivateKey key =
          Pem.privateKey(files.privateKey(), chain.getFirst().getPublicKey().getAlgorithm());
      Pem.certificates(files.ca());
      return Pem.belongTogether(chain.getFirst().getPublicKey(), key)
          ? Optional.empty()
          : Optional.of(
              files.privateKey() + " is not the key of the certificate in " + files.certificate());
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Settings of a client. The server's certificate has to name the server as the connect string
  /// does.
  ZKClientConfig client() {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, ClientCnxnSocketNetty.class.getName());
    config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    stores("zookeeper.ssl.").forEach(config::setProperty);
    return config;
  }

  /// Settings of the one server of a process, for its clients and for the other servers.
  Map<String, String> server() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.putAll(stores("zookeeper.ssl."));
    settings.putAll(stores("zookeeper.ssl.quorum."));
    settings.put("zookeeper.ssl.clientAuth", "need");
    settings.put("zookeeper.ssl.quorum.clientAuth", "need");
    settings.put("zookeeper.client.certReload", "true");
    settings.put(
        "zookeeper.authProvider.x509",
        org.apache.zookeeper.server.auth.X509AuthenticationProvider.class.getName());
    settings.put(
        "zookeeper.serverCnxnFactory",
        org.apache.zookeeper.server.NettyServerCnxnFactory.class.getName());
    return settings;
  }

  private Map<String, String> stores(String prefix) {
    return Map.of(
        prefix + "keyStore.location",
        own.toString(),
        prefix + "keyStore.type",
        "PEM",
        prefix + "trustStore.location",
        authorities.toString(),
        prefix + "trustStore.type",
        "PEM",
        prefix + "protocol",
        PROTOCOL,
        prefix + "enabledProtocols",
        PROTOCOL);
  }
}
