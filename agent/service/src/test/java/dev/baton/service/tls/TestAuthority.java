package dev.baton.service.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Certificates of hosts, made once a run for all tests that need them, since the JDK's tool takes
/// its time.
public final class TestAuthority {
  private static final Map<String, TestAuthority> AUTHORITIES = new HashMap<>();

  private final Path folder;
  private final Authority authority;
  private final Map<String, TlsFiles> issued = new HashMap<>();

  private TestAuthority(Path folder, Authority authority) {
    this.folder = folder;
    this.authority = authority;
  }

  /// The same for each call of a name.
  public static synchronized TestAuthority named(String name) {
    return AUTHORITIES.computeIfAbsent(name, TestAuthority::make);
  }

  private static TestAuthority make(String name) {
    try {
      Path folder = Files.createTempDirectory("baton-test-authority");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return new TestAuthority(folder, Authority.open(folder.resolve("authority"), name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      List<Path> all = new ArrayList<>(files.toList());
      Collections.reverse(all);
      for (Path file : all) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println(folder + " is left: " + e);
    }
  }

  /// Of a host that is served on the loopback address.
  public TlsFiles files(String cluster, String host) {
    return files(new HostIdentity(cluster, host), List.of("-validity", "9"));
  }

  /// Of a host whose certificate has ended.
  public TlsFiles ended(String cluster, String host) {
    return files(new HostIdentity(cluster, host), List.of("-startdate", "-3d", "-validity", "1"));
  }

  private synchronized TlsFiles files(HostIdentity host, List<String> validity) {
    return issued.computeIfAbsent(host + " " + validity, _ -> issue(host, validity));
  }

  private TlsFiles issue(HostIdentity host, List<String> validity) {
    try {
      String name = host.cluster() + "-" + host.host() + "-" + issued.size();
      TlsFiles files =
          new TlsFiles(
              folder.resolve(name + ".crt"), folder.resolve(name + ".key"), folder.resolve("ca"));
      authority.issue(
          host, List.of("127.0.0.2"), files.certificate(), files.privateKey(), validity);
      Files.writeString(files.ca(), authority.certificate());
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
