package dev.baton.engine.postgres.login;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// A self-signed certificate, made by the JDK's own tool.
///
/// @param derKey the private key as a driver reads it
record TestCertificate(Path certificate, Path privateKey, Path derKey) {
  private static final String PASSWORD = "changeit";

  static TestCertificate make(Path folder) throws Exception {
    return make(folder, "localhost");
  }

  static TestCertificate make(Path folder, String commonName) throws Exception {
    Path store = folder.resolve(commonName + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "OU=test,CN=" + commonName,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-alias",
                "front",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output =
        new String(
            keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool: " + output);
    }
    KeyStore keys = load(store);
    Path certificate = folder.resolve(commonName + ".crt");
    Path privateKey = folder.resolve(commonName + ".key");
    Path derKey = folder.resolve(commonName + ".pk8");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("front").getEncoded()));
    Files.writeString(
        privateKey, pem("PRIVATE KEY", keys.getKey("front", PASSWORD.toCharArray()).getEncoded()));
    Files.write(derKey, keys.getKey("front", PASSWORD.toCharArray()).getEncoded());
    for (Path secret : new Path[] {privateKey, derKey}) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    return new TestCertificate(certificate, privateKey, derKey);
  }

  private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static String pem(String what, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }
}
