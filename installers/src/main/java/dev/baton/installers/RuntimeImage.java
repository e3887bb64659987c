package dev.baton.installers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A Java runtime of the modules that are needed and no others, made by jlink.
///
/// @param jdk whose modules it is made of
record RuntimeImage(Path jdk) {
  private static final long BOUND_SECONDS = 300;

  /// Modules that jars name and that nothing here uses, with the reason to leave them out.
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "java.desktop", "JNA's windows, bean editors of pgjdbc and commons-lang: never called",
          "java.compiler", "annotations of Error Prone and Guava that are read by compilers alone");

  /// The agent's modules, each with what needs it.
  static SequencedMap<String, String> agentModules() {
    SequencedMap<String, String> modules = new LinkedHashMap<>();
    modules.put("java.base", "everything");
    modules.put("java.logging", "Netty, Guava and ZooKeeper look for it");
    modules.put("java.management", "ZooKeeper's beans; figures of the JVM itself");
    modules.put("java.naming", "Logback; names of hosts in ZooKeeper");
    modules.put("java.net.http", "the commands' way to an agent");
    modules.put("java.security.jgss", "ZooKeeper's client, linked when it connects");
    modules.put("java.security.sasl", "likewise");
    modules.put("java.sql", "SQLite and pgjdbc");
    modules.put("java.xml", "Logback's configuration");
    modules.put(
        "jdk.jcmd", "jcmd, jstack and jmap, for whoever has to look into an agent at night");
    modules.put("jdk.jfr", "recordings of a running agent; Netty's events");
    modules.put("jdk.management", "load of the process");
    modules.put("jdk.net", "keep-alive times of sockets");
    modules.put("jdk.unsupported", "Netty's buffers; the signal SIGHUP");
    return modules;
  }

  /// @param image made; must not be there
  void link(Set<String> modules, Path image) throws IOException {
    run(
        List.of(
            program("jlink"),
            "--add-modules",
            String.join(",", modules),
            "--generate-cds-archive", // the commands start in half the time
            "--no-header-files",
            "--no-man-pages",
            "--compress=zip-6",
            "--output",
            image.toString()));
    // for heaps of 32 GB and more, which nothing here has
    Files.deleteIfExists(image.resolve("lib/server/classes_nocoops.jsa"));
  }

  /// Modules that jars need, as jdeps finds them, and that are not in `modules`. Each jar is looked
  /// at by itself, as on a class path: what it would need of jars that are not there does not
  /// count.
  Set<String> missing(List<Path> jars, Set<String> modules) throws IOException {
    Set<String> missing = new TreeSet<>();
    for (String line :
        run(List.of(
                program("jdeps"),
                "--multi-release",
                "base",
                "--ignore-missing-deps",
                "-summary",
                "-cp",
                jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                "-recursive",
                jars.getFirst().toString()))
            .lines()
            .toList()) {
      String needed = line.substring(line.indexOf("->") + 2).strip();
      if ((needed.startsWith("java.") || needed.startsWith("jdk."))
          && !needed.endsWith(".jar")
          && !modules.contains(needed)
          && !LEFT_OUT.containsKey(needed)) {
        missing.add(needed);
      }
    }
    return missing;
  }

  private String program(String name) {
    return jdk.resolve("bin").resolve(name).toString();
  }

  /// @return what the program prints
  /// @throws IOException with its last words when it fails
  static String run(List<String> command) throws IOException {
    Path output = Files.createTempFile("baton-packages-", ".out");
    try {
      List<String> words = new ArrayList<>(command);
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " has not ended within its bound");
      }
      String said = Files.readString(output);
      if (process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + " failed: " + said.strip());
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted at " + command.getFirst(), e);
    } finally {
      Files.delete(output);
    }
  }

  /// As written in a class path.
  static List<Path> split(String classPath) {
    return Arrays.stream(classPath.strip().split(File.pathSeparator)).map(Path::of).toList();
  }
}
