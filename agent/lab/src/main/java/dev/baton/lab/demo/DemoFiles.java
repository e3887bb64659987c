package dev.baton.lab.demo;

import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.model.Durability;
import dev.baton.service.tls.Authority;
import dev.baton.service.tls.HostIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The demo's folder: hosts' files, configurations, secrets.
public final class DemoFiles implements AutoCloseable {
  static final String SERVICE = "app";
  private static final String CLUSTER = "demo";
  static final String DATABASE = "app";
  static final String USER = "app";
  static final String PASSWORD = "app";
  static final String ADMIN = "baton";
  private static final String MARKER = ".baton-demo";
  private static final int SECRET_BYTES = 24;
  private static final long MEMORY_BYTES = 64L << 20;

  private final Path directory;
  private final FileChannel lockChannel;
  private final List<DemoHost> hosts;
  private final @Nullable DemoWires wires;

  private DemoFiles(
      Path directory, FileChannel lockChannel, List<DemoHost> hosts, @Nullable DemoWires wires) {
    this.directory = directory;
    this.lockChannel = lockChannel;
    this.hosts = hosts;
    this.wires = wires;
  }

  /// Empties the folder of an earlier demo and ends what that one has left running.
  ///
  /// @throws IOException when another demo runs there, or it holds something else
  static DemoFiles create(DemoOptions options) throws IOException {
    return create(options, DemoHost.NAMES);
  }

  /// With `DemoHost.THIRD` among the hosts the ports that follow are taken, too.
  static DemoFiles create(DemoOptions options, List<String> hostNames) throws IOException {
    Path directory = options.directory().toAbsolutePath().normalize();
    boolean fresh = !Files.exists(directory) || isEmpty(directory);
    if (!fresh && !Files.exists(directory.resolve(MARKER))) {
      throw new IOException(
          directory + " holds something that no demo made; give an empty or a new --dir");
    }
    openFolder(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(MARKER), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new IOException("another demo runs in " + directory + "; give this one its own --dir");
    }
    List<DemoHost> hosts =
        hostNames.stream()
            .map(name -> DemoHost.of(name, options.portBase(), directory, options.tls()))
            .toList();
    boolean wired = options.faults().stream().anyMatch(fault -> fault.kind().cut() != null);
    DemoFiles files = new DemoFiles(directory, channel, hosts, wired ? new DemoWires(hosts) : null);
    files.empty();
    files.write(options.durability());
    return files;
  }

  List<DemoHost> hosts() {
    return hosts;
  }

  DemoHost host(String name) {
    return hosts.stream()
        .filter(host -> host.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no host " + name));
  }

  /// The network between the processes; null when they are connected directly.
  @Nullable DemoWires wires() {
    return wires;
  }

  /// Where clients connect to this host's front.
  int clientPort(DemoHost front) {
    return wires == null ? front.clientPort() : wires.clientPort(front);
  }

  /// For each of the fronts, one that tries it first and then the others.
  List<String> jdbcUrls(List<String> fronts) {
    List<String> urls = new ArrayList<>();
    for (int first = 0; first < fronts.size(); first++) {
      List<String> order = new ArrayList<>(fronts);
      Collections.rotate(order, -first);
      urls.add(
          "jdbc:postgresql://"
              + order.stream()
                  .map(name -> clientAddress(host(name)))
                  .collect(Collectors.joining(","))
              + "/"
              + DATABASE);
    }
    return urls;
  }

  Path directory() {
    return directory;
  }

  Path operatorToken() {
    return directory.resolve("operator.token");
  }

  /// Hosts with a coordination server.
  List<DemoHost> voters() {
    return hosts.stream().filter(DemoHost::votes).toList();
  }

  /// Hosts that carry the database.
  List<DemoHost> databases() {
    return hosts.stream().filter(DemoHost::hasDatabase).toList();
  }

  private String clientAddress(DemoHost front) {
    return (wires == null ? front.address() : DemoWires.ADDRESS) + ":" + clientPort(front);
  }

  private String connectString(DemoHost from) {
    return wires != null ? wires.connectString(from) : directConnectString(from);
  }

  /// The host's own server first: the loss of another host is then none of coordination.
  private String directConnectString(DemoHost from) {
    return Stream.concat(
            voters().stream().filter(from::equals),
            voters().stream().filter(voter -> !voter.equals(from)))
        .map(voter -> voter.address() + ":" + voter.coordinationPort())
        .collect(Collectors.joining(","));
  }

  /// Of the authority from which the hosts' certificates come; there with TLS only.
  Path authorityCertificate() {
    return directory.resolve("ca.crt");
  }

  String adminPassword() throws IOException {
    return Files.readString(secretFile("admin.password")).strip();
  }

  private void empty() throws IOException {
    for (DemoHost host : databases()) {
      ServerProcesses.kill(host.dataDirectory());
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .filter(file -> !file.equals(directory) && !file.endsWith(MARKER))
          .forEach(DemoFiles::delete);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Durability durability) throws IOException {
    writeSecret(operatorToken());
    writeSecret(secretFile("cluster.secret"));
    writeSecret(secretFile("admin.password"));
    for (DemoHost host : hosts) {
      openFolder(host.folder());
    }
    if (hosts.getFirst().tls()) {
      certify();
    }
    for (DemoHost host : hosts) {
      Files.writeString(host.configuration(), configuration(host, durability));
    }
  }

  private void certify() throws IOException {
    Authority authority = Authority.open(directory.resolve("authority"), CLUSTER);
    Files.writeString(authorityCertificate(), authority.certificate());
    for (DemoHost host : hosts) {
      authority.issue(
          new HostIdentity(CLUSTER, host.name()),
          List.of(host.address()),
          host.certificate(),
          host.privateKey());
    }
  }

  private String tls(DemoHost host) {
    return host.tls()
        ? """
        peers:
          tls: {certificate: %1$s, privateKey: %2$s, ca: %3$s}
        coordinationTls: {certificate: %1$s, privateKey: %2$s, ca: %3$s}
        """
            .formatted(
                quoted(host.certificate()),
                quoted(host.privateKey()),
                quoted(authorityCertificate()))
        : "";
  }

  private Path secretFile(String name) {
    return directory.resolve(name);
  }

  private String configuration(DemoHost host, Durability durability) {
    String common =
        """
        cluster: %s
        host: %s
        bind: %s
        ports: {clients: %d, peers: %d, control: %d}
        directory: %s
        coordination: %s
        secretFile: %s
        operatorTokenFile: %s
        drillsArmed: true
        services:
          - name: %s
            engine: postgresql
            home: %s
            adminUser: %s
            adminPasswordFile: %s
            durability: %s
            memoryBytes: %d
        """
            .formatted(
                CLUSTER,
                host.name(),
                host.address(),
                host.clientPort(),
                host.peerPort(),
                host.controlPort(),
                quoted(host.folder().resolve("agent")),
                connectString(host),
                quoted(secretFile("cluster.secret")),
                quoted(operatorToken()),
                SERVICE,
                hosts.getFirst().name(),
                ADMIN,
                quoted(secretFile("admin.password")),
                durability,
                MEMORY_BYTES);
    String ways = wires == null ? "" : wires.reach(host);
    return ways + tls(host) + (host.hasDatabase() ? common + instance(host) : common);
  }

  private static String instance(DemoHost host) {
    return """
        dataDirectory: %s
        port: %d
        relayPort: %d
    """
        .formatted(quoted(host.dataDirectory()), host.databasePort(), host.relayPort());
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }

  /// The database server may run as another user, who must be able to pass.
  private static void openFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void writeSecret(Path file) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, HexFormat.of().formatHex(secret) + "\n");
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  @Override
  public void close() throws IOException {
    if (wires != null) {
      wires.close();
    }
    lockChannel.close();
  }
}
