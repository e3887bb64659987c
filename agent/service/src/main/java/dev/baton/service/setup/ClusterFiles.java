package dev.baton.service.setup;

import dev.baton.service.agent.AgentConfig;
import dev.baton.service.config.SecretFiles;
import dev.baton.service.setup.ClusterPlan.Host;
import dev.baton.service.setup.ClusterPlan.Role;
import dev.baton.service.tls.Authority;
import dev.baton.service.tls.HostIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Writes a folder with the files of each host, and one with what they share: secrets and the
/// authority. Run again, it keeps what is there and adds hosts that are new.
final class ClusterFiles {
  static final List<String> SECRETS = List.of("cluster.secret", "operator.token", "admin.password");

  private final ClusterPlan plan;
  private final Path out;

  ClusterFiles(ClusterPlan plan, Path out) {
    this.plan = plan;
    this.out = out;
  }

  /// @return the hosts whose files were written; the others had theirs
  List<Host> write() throws IOException {
    Path shared = out.resolve("authority");
    SecretFiles.folder(out);
    Authority authority = Authority.open(shared, plan.cluster());
    for (String secret : SECRETS) {
      if (!Files.exists(shared.resolve(secret))) {
        SecretFiles.random(shared.resolve(secret));
      }
    }
    List<Host> written = new ArrayList<>();
    for (Host host : plan.hosts()) {
      Path folder = out.resolve(host.name());
      if (!Files.exists(folder.resolve("agent.yaml"))) {
        write(host, folder, shared, authority);
        written.add(host);
      }
    }
    return written;
  }

  /// Makes new keys and certificates for the hosts that have folders.
  ///
  /// @return the hosts' names
  static List<String> renew(Path out) throws IOException {
    Path shared = out.resolve("authority");
    if (!Files.isDirectory(shared)) {
      throw new IOException(
          shared
              + " is not there, and new certificates come from it: give the folder of the"
              + " cluster by --out");
    }
    List<String> renewed = new ArrayList<>();
    try (Stream<Path> folders = Files.list(out).sorted()) {
      for (Path folder : folders.filter(ClusterFiles::isHost).toList()) {
        AgentConfig config = AgentConfig.read(folder.resolve("agent.yaml"));
        Authority authority = Authority.open(shared, config.cluster());
        certify(authority, config.identity(), config.peerAddress(), folder);
        renewed.add(config.host());
      }
    } catch (AgentConfig.ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
    return renewed;
  }

  private static boolean isHost(Path folder) {
    return Files.exists(folder.resolve("agent.yaml"));
  }

  private static void certify(Authority authority, HostIdentity host, String address, Path folder)
      throws IOException {
    Path key = folder.resolve("server.key");
    authority.issue(host, List.of(address), folder.resolve("server.crt"), key);
    Files.writeString(folder.resolve("ca.crt"), authority.certificate());
    if (Files.exists(folder.resolve("coordination.conf"))) {
      // the same key, for a process of another user
      SecretFiles.write(folder.resolve("coordination.key"), Files.readString(key));
    }
  }

  private void write(Host host, Path folder, Path shared, Authority authority) throws IOException {
    SecretFiles.folder(folder);
    for (String secret : SECRETS) {
      SecretFiles.write(folder.resolve(secret), Files.readString(shared.resolve(secret)));
    }
    if (plan.votes(host)) {
      Files.writeString(folder.resolve("coordination.conf"), coordination(host));
    }
    certify(authority, new HostIdentity(plan.cluster(), host.name()), host.address(), folder);
    if (!plan.user(host).equals(ClusterPlan.GATEWAY_USER)) {
      Files.writeString(folder.resolve("user.conf"), user(host));
    }
    // last: with it a host's files count as written
    Files.writeString(folder.resolve("agent.yaml"), configuration(host));
  }

  private String configuration(Host host) {
    String etc = plan.etc().toString();
    String common =
        """
        # Written by baton init. Each key is told of in configuration.md; baton doctor looks at the whole.
        cluster: %s
        host: %s
        bind: %s
        ports: {clients: 6432, peers: 6433, control: 6434}
        directory: /var/lib/baton
        peers:
          tls: {certificate: %s/server.crt, privateKey: %s/server.key, ca: %s/ca.crt}
        coordination: %s
        %s
        secretFile: %s/cluster.secret
        operatorTokenFile: %s/operator.token
        services:
          - name: %s
            home: %s
            adminPasswordFile: %s/admin.password
            clientTls:
              certificate: %s/server.crt
              privateKey: %s/server.key
            access:
              - hostssl all all all          scram-sha-256
              - host    all all 127.0.0.1/32 scram-sha-256
        """
            .formatted(
                plan.cluster(),
                host.name(),
                quoted(host.address()),
                etc,
                etc,
                etc,
                quoted(plan.connectString(host)),
                coordinationTls(),
                etc,
                etc,
                plan.service(),
                plan.home().name(),
                etc,
                etc,
                etc);
    return host.role() == Role.DATABASE ? common + instance() : common;
  }

  private String coordinationTls() {
    String etc = plan.etc().toString();
    return plan.coordination() == null
        ? "coordinationTls: {certificate: %s/server.crt, privateKey: %s/server.key, ca: %s/ca.crt}"
            .formatted(etc, etc, etc)
        : "# how that ZooKeeper is spoken to by TLS:\n"
            + "#coordinationTls: {certificate: …, privateKey: …, ca: …}";
  }

  private String instance() {
    Path binaries = plan.binaries();
    return """
        dataDirectory: %s
        port: 6440
        relayPort: 6441
    %s\
    """
        .formatted(
            quoted(plan.data().toString()),
            binaries == null ? "" : "    binaries: " + quoted(binaries.toString()) + "\n");
  }

  private String coordination(Host host) {
    return """
    # Written by baton init; read by baton-coordination.service. The same voters on every host.
    BATON_VOTER=%1$d
    BATON_VOTERS=%2$s
    BATON_LISTEN=%3$s
    BATON_CERTIFICATE=%4$s/server.crt
    BATON_KEY=%4$s/coordination.key
    BATON_CA=%4$s/ca.crt
    """
        .formatted(plan.voter(host), plan.voters(), host.address(), plan.etc());
  }

  private String user(Host host) {
    return """
    # Written by baton init. The agent of a database host runs as the server's own user.
    [Service]
    User=%s
    Group=%s
    """
        .formatted(plan.user(host), plan.user(host));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
