package dev.baton.service.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A private certificate authority in a folder, worked with by the keytool of this Java runtime.
/// Its key is needed to add a host or to renew a certificate, and nowhere else.
final class Authority {
  private static final String AUTHORITY_DAYS = "7300";
  private static final String HOST_DAYS = "1825";
  private static final String ALIAS = "key";
  private static final long BOUND_SECONDS = 60;

  private final Path folder;

  private Authority(Path folder) {
    this.folder = folder;
  }

  /// Takes the one that is there, or makes it.
  ///
  /// @param folder closed to all but its owner
  static Authority open(Path folder, String cluster) throws IOException {
    Authority authority = new Authority(folder);
    if (!Files.exists(authority.store())) {
      SecretFiles.folder(folder);
      SecretFiles.random(authority.password());
      authority.keytool(
          authority.store(),
          List.of(
              "-genkeypair",
              "-keyalg",
              "EC",
              "-groupname",
              "secp256r1",
              "-dname",
              "CN=Baton authority of " + cluster,
              "-ext",
              "bc:critical=ca:true,pathlen:0",
              "-ext",
              "ku:critical=keyCertSign,cRLSign",
              "-validity",
              AUTHORITY_DAYS));
      SecretFiles.close(authority.store());
    }
    return authority;
  }

  /// PEM, for whoever has to trust it.
  String certificate() throws IOException {
    return keytool(store(), List.of("-exportcert", "-rfc"));
  }

  /// Makes a key with a certificate that serves as a server's and as a client's.
  ///
  /// @param certificate PEM, its own first, then the authority's
  /// @param privateKey PEM, PKCS #8
  void issue(ClusterPlan.Host host, Path certificate, Path privateKey) throws IOException {
    Path store = folder.resolve(host.name() + ".p12");
    Path request = folder.resolve(host.name() + ".csr");
    try {
      keytool(
          store,
          List.of(
              "-genkeypair",
              "-keyalg",
              "EC",
              "-groupname",
              "secp256r1",
              "-dname",
              "CN=" + host.name()));
      Files.writeString(request, keytool(store, List.of("-certreq")));
      String issued =
          keytool(
              store(),
              List.of(
                  "-gencert",
                  "-rfc",
                  "-infile",
                  request.toString(),
                  "-ext",
                  "san=" + names(host),
                  "-ext",
                  "ku:critical=digitalSignature",
                  "-ext",
                  "eku=serverAuth,clientAuth",
                  "-validity",
                  HOST_DAYS));
      Files.writeString(certificate, issued + certificate());
      SecretFiles.write(privateKey, pem(store));
    } finally {
      Files.deleteIfExists(store);
      Files.deleteIfExists(request);
    }
  }

  private static String names(ClusterPlan.Host host) {
    boolean number = host.address().matches("[0-9.]+|.*:.*");
    return "dns:"
        + host.name()
        + ","
        + (number ? "ip:" : "dns:")
        + host.address()
        + ",dns:localhost,ip:127.0.0.1";
  }

  private String pem(Path store) throws IOException {
    try (InputStream in = Files.newInputStream(store)) {
      char[] password = Files.readString(password()).strip().toCharArray();
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password);
      byte[] key = keys.getKey(ALIAS, password).getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IOException("the key that keytool has made cannot be read: " + e.getMessage(), e);
    }
  }

  private Path store() {
    return folder.resolve("authority.p12");
  }

  private Path password() {
    return folder.resolve("password");
  }

  /// The password goes by a file: others can read command lines.
  private String keytool(Path store, List<String> words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(words);
    command.addAll(List.of("-alias", ALIAS, "-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass:file", password().toString()));
    Path errors = Files.createTempFile("baton-", ".keytool");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(
            "keytool " + words.getFirst() + " failed: " + said + Files.readString(errors).strip());
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted at keytool", e);
    } finally {
      Files.delete(errors);
    }
  }
}
