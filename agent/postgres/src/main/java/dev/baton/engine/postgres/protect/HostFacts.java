package dev.baton.engine.postgres.protect;

import dev.baton.engine.postgres.instance.ServerBinaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// What a host has for an instance: the programs that its agent would run, and room.
///
/// @param host its name in the cluster
/// @param version of the server's programs: `18.6`
/// @param libraries names under `$libdir`, without their ending
/// @param freeBytes where the data directory is or will be
/// @param holdsData whether the data directory has something in it
/// @param cLibrary its version, by which texts are ordered: `glibc 2.36`; empty when it cannot be
///   told
public record HostFacts(
    String host,
    String version,
    Set<String> libraries,
    long freeBytes,
    boolean holdsData,
    String cLibrary) {
  public HostFacts {
    libraries = Set.copyOf(libraries);
  }

  static HostFacts of(String host, ServerBinaries binaries, Path dataDirectory) throws IOException {
    Path existing = dataDirectory.toAbsolutePath();
    for (Path above = existing.getParent();
        !Files.exists(existing) && above != null;
        above = above.getParent()) {
      existing = above;
    }
    return new HostFacts(
        host,
        binaries.version(),
        binaries.libraries(),
        Files.getFileStore(existing).getUsableSpace(),
        Files.exists(dataDirectory.resolve("PG_VERSION")),
        readCLibrary());
  }

  private static String readCLibrary() throws IOException {
    try {
      Process process = new ProcessBuilder("getconf", "GNU_LIBC_VERSION").start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.strip();
    } catch (IOException e) {
      if (Files.exists(Path.of("/usr/bin/getconf"))) {
        throw e;
      }
      return ""; // another C library has no such program
    }
  }

  int major() {
    return Integer.parseInt(version.replaceAll("\\..*", ""));
  }
}
