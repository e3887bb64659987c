package dev.baton.service.setup;

import dev.baton.service.config.SecretFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Puts the files of one host to where its agent reads them, with the agent's user as their owner.
///
/// @param etc folder of the configuration
/// @param units folder of the service manager's own settings; used when there is one
record HostInstallation(Path etc, Path units) {
  private static final String USER_SETTING = "user.conf";

  /// Begins the names of the coordination server's files.
  private static final String COORDINATION = "coordination.";

  private static final List<String> CERTIFIED =
      List.of("ca.crt", "server.crt", "server.key", "coordination.key");
  private static final Set<String> OPEN =
      Set.of("agent.yaml", "coordination.conf", "ca.crt", "server.crt");

  /// As whom the agent of these files runs.
  static String user(Path folder) throws IOException {
    Path setting = folder.resolve(USER_SETTING);
    if (Files.exists(setting)) {
      for (String line : Files.readAllLines(setting)) {
        if (line.startsWith("User=")) {
          return line.substring("User=".length());
        }
      }
    }
    return ClusterPlan.GATEWAY_USER;
  }

  /// Puts a host's new key and certificate in place, and nothing else.
  ///
  /// @return the files that were written
  List<Path> renew(Path folder) throws IOException {
    Set<Path> files = new TreeSet<>();
    for (String name : CERTIFIED) {
      if (Files.exists(folder.resolve(name))) {
        files.add(folder.resolve(name));
      }
    }
    return copyAll(files, user(folder));
  }

  private List<Path> copyAll(Set<Path> files, String user) throws IOException {
    // the coordination server's, which comes with the package; else everything is one user's
    String server = isKnown(ClusterPlan.GATEWAY_USER) ? ClusterPlan.GATEWAY_USER : user;
    List<Path> written = new ArrayList<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (!name.equals(USER_SETTING)) {
        Path target = etc.resolve(name);
        copy(file, target, OPEN.contains(name), name.startsWith(COORDINATION) ? server : user);
        written.add(target);
      }
    }
    return written;
  }

  /// @param replace whether a configuration that is there already, and differs, is replaced
  /// @return the files that were written
  /// @throws IOException when one would be replaced, the user is not there, or this user may not
  List<Path> install(Path folder, boolean replace) throws IOException {
    String user = user(folder);
    Set<Path> files = new TreeSet<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.forEach(files::add);
    }
    Path present = etc.resolve("agent.yaml");
    if (!replace && Files.exists(present) && differs(present, folder.resolve("agent.yaml"))) {
      throw new IOException(
          present + " is there already and says something else; give --force to replace it");
    }
    Files.createDirectories(etc);
    List<Path> written = copyAll(files, user);
    Path setting = folder.resolve(USER_SETTING);
    if (Files.exists(setting) && Files.isDirectory(units)) {
      Path target = units.resolve("baton-agent.service.d").resolve(USER_SETTING);
      Files.createDirectories(target.getParent());
      Files.copy(setting, target, StandardCopyOption.REPLACE_EXISTING);
      written.add(target);
    }
    return written;
  }

  private static boolean isKnown(String user) throws IOException {
    try {
      FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user);
      return true;
    } catch (UserPrincipalNotFoundException e) {
      return false;
    }
  }

  private static boolean differs(Path present, Path fresh) throws IOException {
    // what the package has brought is an example, not an operator's work
    String text = Files.readString(present);
    return Files.mismatch(present, fresh) >= 0
        && !text.startsWith("# Configuration of this host's Baton agent.");
  }

  private static void copy(Path file, Path target, boolean open, String user) throws IOException {
    if (open) {
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
      return;
    }
    SecretFiles.write(target, Files.readString(file));
    PosixFileAttributeView view =
        Files.getFileAttributeView(target, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    UserPrincipal owner;
    try {
      owner = target.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException(
          "there is no user " + user + " here; make it, or name another by --user", e);
    }
    if (!view.readAttributes().owner().equals(owner)) {
      view.setOwner(owner);
    }
  }
}
