package dev.baton.engine.postgres.instance;

import dev.baton.engine.postgres.replication.WalReplication;
import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The settings that Baton needs of a server, in a file of their own, so that what the
/// administrator has set elsewhere stays.
///
/// @param members who must acknowledge a commit
/// @param extra further settings, for tests
record ServerSettings(InstanceSettings instance, Set<String> members, Map<String, String> extra) {
  static final String FILE = "baton.conf";
  private static final String MAIN_FILE = "postgresql.conf";
  private static final String INCLUDE = "include_if_exists = '" + FILE + "'";
  private static final int MAX_SOCKET_PATH = 90; // the kernel takes 107 bytes, with the file's name

  /// Writes the file as a whole, and sees that `postgresql.conf` and `pg_hba.conf` are there.
  void write(ServerUser user) throws IOException {
    Path directory = instance.dataDirectory();
    Path aside = directory.resolve(FILE + ".new");
    Files.writeString(aside, render(Adoption.kept(directory)));
    user.own(aside);
    Files.move(aside, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    include(user);
    Path access = directory.resolve("pg_hba.conf");
    if (!Files.exists(access)) {
      writeAccess(user);
    }
  }

  /// Names of the settings that Baton decides on.
  static Set<String> names(InstanceSettings instance) {
    return new ServerSettings(instance, Set.of(), Map.of()).values().keySet();
  }

  /// Only from this host, and only by password: clients come through the agent, whose access rules
  /// are the ones that count.
  void writeAccess(ServerUser user) throws IOException {
    Path access = instance.dataDirectory().resolve("pg_hba.conf");
    Files.writeString(
        access,
        """
        # written by Baton: clients come through the agent, which has the access rules
        local all         all              scram-sha-256
        local replication all              scram-sha-256
        host  all         all 127.0.0.1/32 scram-sha-256
        host  replication all 127.0.0.1/32 scram-sha-256
        """);
    user.own(access);
  }

  /// Where the server's Unix socket is: beside the data directory, in a folder that only the
  /// server's user can enter. Empty when the path is too long for a socket.
  static List<Path> socketFolder(InstanceSettings instance) {
    Path data = instance.dataDirectory().toAbsolutePath();
    Path folder = data.resolveSibling(data.getFileName() + ".run");
    return folder.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_SOCKET_PATH
        ? List.of(folder)
        : List.of();
  }

  private void include(ServerUser user) throws IOException {
    Path main = instance.dataDirectory().resolve(MAIN_FILE);
    if (!Files.exists(main) || !Files.readString(main).contains(INCLUDE)) {
      Files.writeString(
          main, "\n" + INCLUDE + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      user.own(main);
    }
  }

  /// Takes away what `write` has added; everything else stays byte for byte.
  static void remove(Path dataDirectory, ServerUser user) throws IOException {
    Path main = dataDirectory.resolve(MAIN_FILE);
    String text = Files.readString(main);
    if (text.contains(INCLUDE)) {
      Path aside = dataDirectory.resolve(MAIN_FILE + ".new");
      Files.copy(
          main, aside, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(aside, text.replace("\n" + INCLUDE + "\n", ""));
      user.own(aside);
      Files.move(aside, main, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.deleteIfExists(dataDirectory.resolve(FILE));
  }

  /// @param kept what an instance that was made elsewhere had, and keeps
  private String render(Map<String, String> kept) {
    Map<String, String> values = values();
    values.putAll(kept);
    values.putAll(extra);
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " = '" + entry.getValue().replace("'", "''") + "'\n")
        .collect(
            Collectors.joining("", "# written by Baton at every start; changes are lost\n", ""));
  }

  private Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    addAddress(values);
    addReplication(values);
    addRecovery(values);
    // A message is told apart by its text where two share an SQLSTATE.
    values.put("lc_messages", "C");
    values.put("log_line_prefix", "%m [%p] ");
    values.put("log_timezone", "UTC");
    values.put("logging_collector", "off");
    values.put("password_encryption", "scram-sha-256");
    return values;
  }

  private void addAddress(Map<String, String> values) {
    values.put("listen_addresses", "127.0.0.1");
    values.put("port", Integer.toString(instance.port()));
    values.put(
        "unix_socket_directories",
        socketFolder(instance).stream().map(Path::toString).collect(Collectors.joining()));
    values.put("unix_socket_permissions", "0700");
    values.put("cluster_name", instance.service() + "@" + instance.host());
    // Each client has one backend at the home and, as its twin, one at the standby.
    values.put("max_connections", "500");
  }

  private void addReplication(Map<String, String> values) {
    values.put("wal_level", "replica");
    values.put("max_wal_senders", "10");
    values.put("max_replication_slots", "10");
    values.put("wal_keep_size", (instance.logKeepBytes() >> 20) + "MB");
    values.put("wal_log_hints", "on"); // pg_rewind of servers without checksums needs it
    values.put("wal_sender_timeout", "30s");
    values.put("synchronous_commit", "on");
    values.put("synchronous_standby_names", names());
  }

  private void addRecovery(Map<String, String> values) {
    values.put("hot_standby", "on");
    values.put("hot_standby_feedback", "on");
    values.put("wal_receiver_status_interval", "1s");
    values.put("wal_receiver_timeout", "30s");
    // Promotion sits out this time when the stream has just broken.
    values.put("wal_retrieve_retry_interval", "100ms");
    // Promotion replays what is left, and a reader on the standby must not hold that up.
    values.put("max_standby_streaming_delay", "1s");
    values.put("primary_conninfo", WalReplication.relayAddress(instance));
    values.put("recovery_target_timeline", "latest");
    // A server that restarts itself after a crash would come back behind the agent's back, with
    // commits that the standby's memory may not have: whether and where work goes on is decided
    // by the agent, to whom a crash is the end of the server.
    values.put("restart_after_crash", "off");
  }

  private String names() {
    if (members.isEmpty()) {
      return "";
    }
    String list =
        new TreeSet<>(members)
            .stream()
                .map(WalReplication::applicationName)
                .map(member -> '"' + member.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
    return "FIRST " + members.size() + " (" + list + ")";
  }
}
