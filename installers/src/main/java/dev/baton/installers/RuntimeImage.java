package dev.baton.installers;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/// A Java runtime of the modules that are needed and no others, made by jlink.
///
/// @param jdk whose modules it is made of
record RuntimeImage(Path jdk) {
  private static final long BOUND_SECONDS = 300;

  /// Modules that the agent's jars name and that nothing calls, with what names them.
  static final Map<String, String> AGENT_WITHOUT =
      Map.of(
          "java.datatransfer", "JNA's drag and drop",
          "java.desktop", "JNA's windows; bean editors of Jackson, pgjdbc and commons");

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

  /// The console's modules, likewise.
  static SequencedMap<String, String> consoleModules() {
    SequencedMap<String, String> modules = new LinkedHashMap<>();
    modules.put("java.base", "everything");
    modules.put("java.desktop", "JavaFX's images and the choice of files");
    modules.put("java.logging", "JavaFX, Logback");
    modules.put("java.management", "the framework's reports");
    modules.put("java.naming", "Logback");
    modules.put("java.net.http", "the way to the agents");
    modules.put("java.sql", "kinds of values that Jackson looks for");
    modules.put("java.xml", "the application model");
    modules.put("jdk.crypto.cryptoki", "keys on a card, for an agent that wants a certificate");
    modules.put("jdk.jfr", "JavaFX's events");
    modules.put("jdk.unsupported", "JavaFX's buffers");
    modules.put("jdk.zipfs", "the framework opens its bundles by it");
    return modules;
  }

  /// An application of jars with a launcher of its own, made by jpackage.
  ///
  /// @param jars folder that holds them and nothing else
  /// @param into folder in which one of the application's name is made
  void application(Path jars, String mainJar, Path runtime, Path icon, Path into)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program("jpackage"), "--type", "app-image"));
    command.addAll(List.of("--name", ConsoleLayout.NAME, "--icon", icon.toString()));
    command.addAll(List.of("--input", jars.toString(), "--main-jar", mainJar));
    command.addAll(List.of("--main-class", ConsoleLayout.MAIN));
    command.addAll(List.of("--runtime-image", runtime.toString(), "--dest", into.toString()));
    for (String option : ConsoleLayout.JVM) {
      command.addAll(List.of("--java-options", option));
    }
    run(command);
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

  /// Modules that classes of jars name and that a runtime of `modules` would not have, each with a
  /// class that names it.
  static SortedMap<String, String> missing(
      List<Path> jars, Set<String> modules, Set<String> leftOut) throws IOException {
    SortedMap<String, String> missing = new ModuleNeeds().of(jars);
    missing.keySet().removeAll(leftOut);
    Configuration.empty()
        .resolve(ModuleFinder.ofSystem(), ModuleFinder.of(), modules)
        .modules()
        .forEach(module -> missing.remove(module.name()));
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
