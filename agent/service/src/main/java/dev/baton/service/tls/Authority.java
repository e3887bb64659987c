package dev.baton.service.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.baton.service.config.SecretFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;

/// A private certificate authority in a folder, worked with by the keytool of this Java runtime.
/// Its key is needed to add a host or to renew a certificate, and nowhere else. One thread at a
/// time.
public final class Authority {
  private static final String AUTHORITY_DAYS = "7300";
  private static final String HOST_DAYS = "1825";
  private static final String ALIAS = "key";
  private static final String HOST = "host";

  /// keytool runs for a moment: compiling its code well takes longer than it lasts.
  private static final List<String> BRIEF_JVM =
      List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC");

  private static final long BOUND_SECONDS = 60;

  private final Path folder;

  private Authority(Path folder) {
    this.folder = folder;
  }

  /// Takes the one that is there, or makes it.
  ///
  /// @param folder closed to all but its owner
  public static Authority open(Path folder, String cluster) throws IOException {
    Authority authority = new Authority(folder);
    if (!Files.exists(authority.store())) {
      SecretFiles.folder(folder);
      SecretFiles.random(authority.password());
      authority.keytool(
          authority.store(),
          ALIAS,
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
  public String certificate() throws IOException {
    return certificates(new Certificate[] {certificateOf(load(store()))});
  }

  /// Makes a key with a certificate that serves as a server's and as a client's.
  ///
  /// @param host named in it beside its addresses, so that other hosts know it
  /// @param addresses numbers or names by which clients and other hosts reach it; the loopback
  ///   address comes along
  /// @param certificate PEM, its own first, then the authority's
  /// @param privateKey PEM, PKCS #8
  public void issue(HostIdentity host, List<String> addresses, Path certificate, Path privateKey)
      throws IOException {
    issue(host, addresses, certificate, privateKey, List.of("-validity", HOST_DAYS));
  }

  /// @param validity in words of keytool
  void issue(
      HostIdentity host,
      List<String> addresses,
      Path certificate,
      Path privateKey,
      List<String> validity)
      throws IOException {
    // in a copy of the authority's own store: its key signs at once, and no host's key stays there
    Path store = folder.resolve(host.host() + ".p12");
    Files.copy(store(), store, StandardCopyOption.REPLACE_EXISTING);
    List<String> words = new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC"));
    words.addAll(List.of("-groupname", "secp256r1"));
    words.addAll(List.of("-dname", "CN=" + host.host(), "-signer", ALIAS));
    words.addAll(List.of("-ext", "san=" + names(host, addresses)));
    words.addAll(List.of("-ext", "ku:critical=digitalSignature"));
    words.addAll(List.of("-ext", "eku=serverAuth,clientAuth"));
    words.addAll(validity);
    try {
      keytool(store, HOST, words);
      KeyStore keys = load(store);
      Files.writeString(certificate, certificates(keys.getCertificateChain(HOST)));
      SecretFiles.write(
          privateKey, pem("PRIVATE KEY", keys.getKey(HOST, readPassword()).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw unreadable(e);
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private static String names(HostIdentity host, List<String> addresses) {
    SequencedSet<String> names = new LinkedHashSet<>();
    names.add("uri:" + host.uri());
    names.add("dns:" + host.host());
    for (String address : addresses) {
      names.add((address.matches("[0-9.]+|.*:.*") ? "ip:" : "dns:") + address);
    }
    names.addAll(List.of("dns:localhost", "ip:127.0.0.1"));
    return String.join(",", names);
  }

  private KeyStore load(Path store) throws IOException {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, readPassword());
      return keys;
    } catch (GeneralSecurityException e) {
      throw unreadable(e);
    }
  }

  private static Certificate certificateOf(KeyStore keys) throws IOException {
    try {
      return keys.getCertificate(ALIAS);
    } catch (GeneralSecurityException e) {
      throw unreadable(e);
    }
  }

  private static String certificates(Certificate[] chain) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Certificate each : chain) {
      try {
        text.append(pem("CERTIFICATE", each.getEncoded()));
      } catch (GeneralSecurityException e) {
        throw unreadable(e);
      }
    }
    return text.toString();
  }

  private static IOException unreadable(GeneralSecurityException cause) {
    return new IOException("what keytool has made cannot be read: " + cause.getMessage(), cause);
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private char[] readPassword() throws IOException {
    return Files.readString(password()).strip().toCharArray();
  }

  private Path store() {
    return folder.resolve("authority.p12");
  }

  private Path password() {
    return folder.resolve("password");
  }

  /// The password goes by a file: others can read command lines.
  private void keytool(Path store, String alias, List<String> words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(BRIEF_JVM);
    command.addAll(words);
    command.addAll(List.of("-alias", alias, "-keystore", store.toString(), "-storetype", "PKCS12"));
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
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted at keytool", e);
    } finally {
      Files.delete(errors);
    }
  }
}
