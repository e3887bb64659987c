package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/// The server's files, as far as the agent itself touches them.
record DataDirectory(Path path, ServerUser user) {
  private static final String STANDBY_SIGNAL = "standby.signal";

  boolean holdsDatabase() {
    return Files.exists(path.resolve("PG_VERSION"))
        && Files.exists(path.resolve("global").resolve("pg_control"));
  }

  Path logFolder() {
    return path.resolve("log");
  }

  /// Makes an empty folder that only the server's user can enter.
  void create() throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    user.own(path);
  }

  /// Moves away what is there. One older copy is kept: it may be the only one of something.
  void putAside() throws IOException {
    if (Files.exists(path)) {
      Path aside = path.resolveSibling(path.getFileName() + ".before");
      delete(aside);
      Files.move(path, aside);
    }
  }

  /// What a copy brings along that belongs to the server it was taken from.
  void forgetOrigin() throws IOException {
    delete(logFolder());
    Files.deleteIfExists(path.resolve("postmaster.pid"));
    Files.deleteIfExists(path.resolve("postmaster.opts"));
  }

  /// Left behind by a server that was ended; by now another process may have its id, and the next
  /// server would take that for its predecessor and refuse to start.
  void forgetEndedServer() throws IOException {
    Files.deleteIfExists(path.resolve("postmaster.pid"));
  }

  void markStandby() throws IOException {
    Path signal = path.resolve(STANDBY_SIGNAL);
    if (!Files.exists(signal)) {
      Files.createFile(signal);
      user.own(signal);
    }
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
