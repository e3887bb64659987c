package dev.baton.lab.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The JVM's ahead-of-time cache (JEP 483, 515): classes loaded and linked, and how often a trained
/// process ran what. Most of what a move runs has never run before in its process: without the
/// cache some 240 classes and call sites were seen to be loaded and linked while clients were held.
final class StartupCache {
  /// Names the cache that the launcher has found, if any.
  private static final String PROPERTY = "baton.cache";

  private static final long MAKE_SECONDS = 120;
  private static final int LOG_TAIL_CHARACTERS = 2_000;

  private StartupCache() {}

  /// Options of a JVM that uses the cache of this process; none when it has none. The cache fits
  /// only the same class path.
  static List<String> inUse() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .map(file -> List.of("-XX:AOTCache=" + file))
        .orElse(List.of());
  }

  /// Options of a JVM that records at its end what it has loaded and run.
  static List<String> recording(Path record) {
    return List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + record);
  }

  /// Makes the cache of a record. It appears whole or not at all.
  ///
  /// @param jvm options of the JVM that made the record
  /// @throws IOException with the JVM's last words, when it makes none
  static void make(Path record, List<String> jvm, Path cache)
      throws IOException, InterruptedException {
    Path fresh = cache.resolveSibling(cache.getFileName() + ".making");
    List<String> command = new ArrayList<>(ChildProcess.jvm(jvm));
    command.add(1, "-XX:AOTMode=create");
    command.add(2, "-XX:AOTConfiguration=" + record);
    command.add(3, "-XX:AOTCache=" + fresh);
    File log = record.resolveSibling("make.log").toFile();
    Process maker =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    if (!maker.waitFor(MAKE_SECONDS, TimeUnit.SECONDS)) {
      maker.destroyForcibly().waitFor();
    }
    if (maker.exitValue() != 0 || !Files.isRegularFile(fresh)) {
      String said = Files.readString(log.toPath());
      throw new IOException(
          "the JVM made no cache, status %d: %s"
              .formatted(
                  maker.exitValue(),
                  said.substring(Math.max(0, said.length() - LOG_TAIL_CHARACTERS)).strip()));
    }
    Files.move(fresh, cache, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
