package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the server's programs are.
///
/// @param bin folder that holds `postgres` and `initdb`
public record ServerBinaries(Path bin) {
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

  Path postgres() {
    return bin.resolve("postgres");
  }

  Path initdb() {
    return bin.resolve("initdb");
  }
}
