package dev.baton.engine.postgres.instance;

import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A data directory that was made outside of Baton: what taking it over changes in it, and how that
/// is undone. What it was like lies in a folder inside, so that it goes along with every copy, and
/// whichever host is home can give the instance back. Every step can be taken again after a crash.
public final class Adoption {
  private static final String BEFORE = "baton.before";
  private static final String ACCESS = "pg_hba.conf";

  /// Settings of before that go before Baton's own: `name=value` a line.
  private static final String KEPT = "kept";

  private static final String HAD_LOG_FOLDER = "had-log-folder";

  private final InstanceSettings settings;
  private final Path data;
  private final ServerUser user;

  public Adoption(InstanceSettings settings) throws IOException {
    this.settings = settings;
    this.data = settings.dataDirectory().toAbsolutePath();
    this.user = ServerUser.find();
  }

  public boolean isTakenOver() {
    return Files.isDirectory(before());
  }

  /// Whether Baton may start, end, or replace what is in a directory with a database.
  static boolean isBatons(Path dataDirectory) {
    return Files.exists(dataDirectory.resolve(ServerSettings.FILE));
  }

  /// Names of the settings that Baton decides on.
  public Set<String> settingNames() {
    return ServerSettings.names(settings);
  }

  /// Where the instance listens now.
  ///
  /// @throws IOException when it does not run
  public int runningPort() throws IOException {
    return PostmasterFile.read(data)
        .filter(file -> ServerProcesses.isServerOf(file.processId(), data) && file.port() > 0)
        .map(PostmasterFile::port)
        .orElseThrow(
            () -> new IOException("no server runs on " + data + ": start it, to be looked at"));
  }

  /// As the instance had it before; for the access rules of a running one, not taken over, its own.
  public Path accessRules() {
    Path kept = before().resolve(ACCESS);
    return Files.exists(kept) ? kept : data.resolve(ACCESS);
  }

  /// @param kept settings that stay as they are although Baton has values of its own for them
  public void takeOver(Map<String, String> kept) throws IOException {
    Path before = before();
    if (!isTakenOver()) {
      Path aside = data.resolve(BEFORE + ".new");
      DataDirectory.delete(aside);
      Files.createDirectory(
          aside,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.copy(data.resolve(ACCESS), aside.resolve(ACCESS), StandardCopyOption.COPY_ATTRIBUTES);
      Files.write(
          aside.resolve(KEPT),
          kept.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
      if (Files.exists(data.resolve("log"))) {
        Files.createFile(aside.resolve(HAD_LOG_FOLDER));
      }
      user.own(aside);
      Files.move(aside, before, StandardCopyOption.ATOMIC_MOVE);
    }
    ServerSettings server = new ServerSettings(settings, Set.of(), Map.of());
    server.write(user);
    server.writeAccess(user);
  }

  /// @throws IOException when the directory is a standby's or a server runs on it
  public void requireStoppedPrimary() throws IOException {
    if (Files.exists(data.resolve("standby.signal"))) {
      throw new IOException(data + " is a standby's: give the service back at its home");
    }
    if (!ServerProcesses.of(data).isEmpty()) {
      throw new IOException("a server runs on " + data + ": stop this host's agent first");
    }
  }

  /// Of a stopped primary.
  public void giveBack() throws IOException {
    requireStoppedPrimary();
    Path before = before();
    Path access = before.resolve(ACCESS);
    if (Files.exists(access)) {
      Path aside = data.resolve(ACCESS + ".new");
      Files.copy(
          access, aside, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
      user.own(aside);
      Files.move(aside, data.resolve(ACCESS), StandardCopyOption.ATOMIC_MOVE);
    }
    ServerSettings.remove(data, user);
    forgetServersLog();
    for (Path folder : ServerSettings.socketFolder(settings)) {
      DataDirectory.delete(folder);
    }
    DataDirectory.delete(before);
  }

  private void forgetServersLog() throws IOException {
    Path log = data.resolve("log");
    Files.deleteIfExists(log.resolve("server.log"));
    Files.deleteIfExists(log.resolve("server.log.1"));
    if (!Files.exists(before().resolve(HAD_LOG_FOLDER))) {
      DataDirectory.delete(log);
    }
  }

  /// Empty for a directory that Baton made.
  static Map<String, String> kept(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(BEFORE).resolve(KEPT);
    Map<String, String> kept = new LinkedHashMap<>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : new ArrayList<String>()) {
      int equals = line.indexOf('=');
      kept.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return kept;
  }

  /// Runs SQL in single-user mode as the instance's first superuser, for whom no password is needed
  /// when the server is stopped.
  ///
  /// @param sql a line each
  /// @throws IOException with what the server said when one of them fails
  public void runAlone(ServerBinaries binaries, List<String> sql) throws IOException {
    new ServerProgram(binaries, user, settings, data.resolve("log")).runAlone(sql);
  }

  private Path before() {
    return data.resolve(BEFORE);
  }
}
