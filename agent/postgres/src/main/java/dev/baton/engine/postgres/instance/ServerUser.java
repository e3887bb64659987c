package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// As whom the server runs. PostgreSQL refuses the superuser: an agent that runs as one starts the
/// server under another user's id, by a program that replaces itself with the server, so that the
/// process started is the server's main process.
public sealed interface ServerUser {
  /// The words to put in front of a server program's command line.
  List<String> prefix();

  /// Gives a file or a whole directory to the server's user.
  void own(Path path) throws IOException;

  /// @throws IOException naming the folder that the server's user cannot pass
  void checkReachable(Path path) throws IOException;

  /// The agent's own user.
  record Same() implements ServerUser {
    @Override
    public List<String> prefix() {
      return List.of();
    }

    @Override
    public void own(Path path) {}

    @Override
    public void checkReachable(Path path) {}
  }

  /// Another user's id, for an agent that is the superuser.
  record Other(String program, int uid, int gid) implements ServerUser {
    @Override
    public List<String> prefix() {
      return List.of(program, "--reuid=" + uid, "--regid=" + gid, "--clear-groups");
    }

    @Override
    public void own(Path path) throws IOException {
      try (Stream<Path> tree = Files.walk(path)) {
        for (Path each : (Iterable<Path>) tree::iterator) {
          Files.setAttribute(each, "unix:uid", uid, java.nio.file.LinkOption.NOFOLLOW_LINKS);
          Files.setAttribute(each, "unix:gid", gid, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        }
      }
    }

    @Override
    public void checkReachable(Path path) throws IOException {
      for (Path folder = path.toAbsolutePath().getParent();
          folder != null;
          folder = folder.getParent()) {
        if (Files.exists(folder)
            && !Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)
            && (int) Files.getAttribute(folder, "unix:uid") != uid) {
          throw new IOException(
              "PostgreSQL refuses to run as root, so it runs as user id "
                  + uid
                  + ", which cannot pass "
                  + folder
                  + ": choose a data directory elsewhere, or run the agent as another user");
        }
      }
    }
  }

  /// The superuser under a mask: in a user namespace of its own the server sees itself as another
  /// user, while its files stay the superuser's.
  record Masked(String program) implements ServerUser {
    @Override
    public List<String> prefix() {
      return List.of(program, "--user", "--map-user=" + NOBODY, "--map-group=" + NOBODY);
    }

    @Override
    public void own(Path path) {}

    @Override
    public void checkReachable(Path path) {}
  }

  int NOBODY = 65534;

  /// @throws IOException when this is the superuser and there is no way to be another
  static ServerUser find() throws IOException {
    if (!isSuperuser()) {
      return new Same();
    }
    Optional<String> setpriv = program("setpriv");
    if (setpriv.isPresent()) {
      int[] ids = databaseUser();
      return new Other(setpriv.get(), ids[0], ids[1]);
    }
    return new Masked(
        program("unshare")
            .orElseThrow(
                () ->
                    new IOException(
                        "PostgreSQL refuses to run as root, and neither setpriv nor unshare was"
                            + " found to start it as another user")));
  }

  private static boolean isSuperuser() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self)
        ? (int) Files.getAttribute(self, "unix:uid") == 0
        : System.getProperty("user.name").equals("root");
  }

  /// Ids of the user `postgres` where there is one, else those of nobody.
  private static int[] databaseUser() throws IOException {
    Path users = Path.of("/etc/passwd");
    for (String line : Files.exists(users) ? Files.readAllLines(users) : new ArrayList<String>()) {
      String[] fields = line.split(":", -1);
      if (fields.length > 3 && fields[0].equals("postgres")) {
        return new int[] {Integer.parseInt(fields[2]), Integer.parseInt(fields[3])};
      }
    }
    return new int[] {NOBODY, NOBODY};
  }

  private static Optional<String> program(String name) {
    return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin")
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
