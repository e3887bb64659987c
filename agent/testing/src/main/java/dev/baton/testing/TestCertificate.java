package dev.baton.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;

/// A self-signed certificate of `localhost` and 127.0.0.1, made by the JDK's own tool.
///
/// @param derKey the private key as a driver reads it
public record TestCertificate(Path certificate, Path privateKey, Path derKey) {
  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "own";

  public static TestCertificate make(Path folder, String commonName) throws Exception {
    Path store = folder.resolve(commonName + ".p12");
    generate(store, commonName);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    byte[] key = keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
    Path certificate = folder.resolve(commonName + ".crt");
    Path privateKey = folder.resolve(commonName + ".key");
    Path derKey = folder.resolve(commonName + ".pk8");
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
    Files.writeString(privateKey, pem("PRIVATE KEY", key));
    Files.write(derKey, key);
    for (Path secret : new Path[] {privateKey, derKey}) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    return new TestCertificate(certificate, privateKey, derKey);
  }

  private static void generate(Path store, String commonName) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
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
                ALIAS,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool: " + output);
    }
  }

  private static String pem(String what, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }
}
