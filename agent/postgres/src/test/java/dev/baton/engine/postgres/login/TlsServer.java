package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.testing.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/// A real server that offers TLS, as the model of what a front should do.
final class TlsServer {
  private TlsServer() {}

  /// @param clientCa content of the file of trusted client certificates
  /// @param rules lines of pg_hba.conf
  static TestServer start(
      TestCertificate certificate, byte[] clientCa, Map<String, String> more, String... rules)
      throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("ssl", "on");
    settings.put("ssl_ca_file", "clients.crt");
    String own = "host all " + TestServer.USER + " 127.0.0.1/32 scram-sha-256\n";
    return TestServer.start(
        settings,
        Map.of(
            "server.crt",
            Files.readAllBytes(certificate.certificate()),
            "server.key",
            Files.readAllBytes(certificate.privateKey()),
            "clients.crt",
            clientCa,
            "pg_hba.conf",
            (own + String.join("\n", rules) + "\n").getBytes(StandardCharsets.UTF_8)));
  }
}
