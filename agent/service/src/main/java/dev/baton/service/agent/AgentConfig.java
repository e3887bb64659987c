package dev.baton.service.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.baton.model.Durability;
import dev.baton.net.Engine.InstanceSettings;
import dev.baton.service.config.ConfigKeys;
import dev.baton.service.config.ConfigReader;
import dev.baton.service.config.ConfigText;
import dev.baton.service.config.InvalidConfig;
import dev.baton.service.config.Live;
import dev.baton.service.config.OwnerOnly;
import dev.baton.service.control.ControlSettings;
import dev.baton.service.tls.HostIdentity;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An agent's configuration, as it stands in its one YAML file. `docs/configuration.md` has each
/// key.
///
/// @param cluster name of the cluster; agents of another one are refused
/// @param host name of this host in the cluster
/// @param bind address on which clients, peers and the control interface are served
/// @param peers how the other agents reach this one
/// @param directory for the agent's own files: spill, generation
/// @param coordination connect string of the coordination service
/// @param reach where other agents are reached from here, `HOST=ADDRESS:PORT` each, if not where
///   they say
/// @param coordinationTls null: coordination is spoken to in plain text
/// @param secretFile shared by all agents of the cluster, readable only by its owner
/// @param operatorTokenFile bearer token of the control interface, readable only by its owner
/// @param control who may do what through the control interface
/// @param drillsArmed whether failures may be caused here on purpose; null: no
public record AgentConfig(
    String cluster,
    String host,
    String bind,
    Ports ports,
    Peers peers,
    Path directory,
    String coordination,
    List<String> reach,
    @Nullable TlsFiles coordinationTls,
    Path secretFile,
    Path operatorTokenFile,
    Control control,
    @Live @Nullable Boolean drillsArmed,
    List<Service> services) {

  public AgentConfig {
    control = Objects.requireNonNullElse(control, Control.NONE);
    reach = Objects.requireNonNullElse(reach, List.of());
    peers = Objects.requireNonNullElse(peers, Peers.AS_BIND);
  }

  public static final ConfigKeys KEYS = ConfigKeys.of(AgentConfig.class);

  /// A configuration, and for messages the lines in which its keys stand.
  public record Loaded(Path file, AgentConfig config, ConfigText text) {}

  public record Ports(int clients, int peers, int control) {}

  /// @param bind address on which the other agents are served; null: `bind`
  /// @param address by which they reach it, where that is another one; null: that on which they are
  ///   served
  /// @param tls null: none, which is for the loopback address alone
  public record Peers(@Nullable String bind, @Nullable String address, @Nullable TlsFiles tls) {
    static final Peers AS_BIND = new Peers(null, null, null);
  }

  /// Address on which the other agents are served.
  public String peerBind() {
    return Objects.requireNonNullElse(peers.bind(), bind);
  }

  /// Address by which the other agents reach this one.
  public String peerAddress() {
    return Objects.requireNonNullElse(peers.address(), peerBind());
  }

  /// As whom this agent shows itself.
  public HostIdentity identity() {
    return new HostIdentity(cluster, host);
  }

  /// @param tokensFile lines of a role, a name, a token; null: there is only the operator's
  /// @param tls null: plain HTTP, on the loopback address only
  /// @param certificateRoles lines of a role and the common name of a client's certificate
  /// @param origins of pages, beside the agent's own, that may use the interface
  public record Control(
      @Live @Nullable Path tokensFile,
      @Nullable ControlTls tls,
      @Live List<String> certificateRoles,
      @Live List<String> origins) {
    static final Control NONE = new Control(null, null, List.of(), List.of());

    public Control {
      certificateRoles = Objects.requireNonNullElse(certificateRoles, List.of());
      origins = Objects.requireNonNullElse(origins, List.of());
    }
  }

  /// As [ControlSettings.Tls] has them.
  public record ControlTls(
      @Live Path certificate, @Live Path privateKey, @Live @Nullable Path clientCa) {}

  /// What the keys say of the control interface.
  ControlSettings controlSettings() {
    ControlTls tls = control.tls();
    return new ControlSettings(
        new InetSocketAddress(tls == null ? "127.0.0.1" : bind, ports.control()),
        operatorTokenFile,
        control.tokensFile(),
        tls == null
            ? null
            : new ControlSettings.Tls(tls.certificate(), tls.privateKey(), tls.clientCa()),
        control.certificateRoles(),
        control.origins());
  }

  /// @param clientPort where this service's clients connect; 0: the agent's own, for one service
  /// @param home host that is home when there is no record of the service yet
  /// @param dataDirectory of the local instance; null on a gateway, which has none
  /// @param port of the local instance, loopback only
  /// @param relayPort on which the local instance finds the relay, loopback only
  /// @param binaries directory of the server's programs; null: those that come with Baton
  /// @param memoryBytes bound of log and requests in RAM
  /// @param memoryDiskBytes bound of log beyond it, on disk
  /// @param logKeepBytes of the home's log for standbys that are away
  /// @param maxTransactionBytes requests kept of one open transaction
  /// @param maxMessageBytes messages up to this are passed whole
  /// @param loginMillis a client's time for its part of the login
  /// @param maxLoggingIn connections before the end of their login at one time
  /// @param clientTls null: clients are not offered TLS
  /// @param access rules of who may come in, in the engine's own manner; empty: see `accessFile`
  /// @param accessFile the same rules in a file of their own; null with `access`
  /// @param rolePasswordsFile passwords of roles whose clients need not prove one
  /// @param automatic whether an unavailable home is left without an operator
  public record Service(
      String name,
      String engine,
      String home,
      int clientPort,
      @Nullable Path dataDirectory,
      int port,
      int relayPort,
      @Nullable Path binaries,
      String adminUser,
      Path adminPasswordFile,
      Durability durability,
      long memoryBytes,
      boolean twins,
      boolean automatic,
      long holdMillis,
      long keepAliveMillis,
      int maxClients,
      long memoryDiskBytes,
      long logKeepBytes,
      long maxTransactionBytes,
      int maxMessageBytes,
      long loginMillis,
      int maxLoggingIn,
      @Live @Nullable ClientTls clientTls,
      @Live List<String> access,
      @Live @Nullable Path accessFile,
      @Live @Nullable Path rolePasswordsFile) {

    /// False on a gateway: its clients are served by the instances of other hosts.
    public boolean carriesInstance() {
      return dataDirectory != null;
    }

    @JsonCreator
    static Service of(
        @JsonProperty("name") String name,
        @JsonProperty("engine") @Nullable String engine,
        @JsonProperty("home") String home,
        @JsonProperty("clientPort") @Nullable Integer clientPort,
        @JsonProperty("dataDirectory") @Nullable Path dataDirectory,
        @JsonProperty("port") int port,
        @JsonProperty("relayPort") int relayPort,
        @JsonProperty("binaries") @Nullable Path binaries,
        @JsonProperty("adminUser") @Nullable String adminUser,
        @JsonProperty("adminPasswordFile") Path adminPasswordFile,
        @JsonProperty("durability") @Nullable Durability durability,
        @JsonProperty("memoryBytes") @Nullable Long memoryBytes,
        @JsonProperty("twins") @Nullable Boolean twins,
        @JsonProperty("automatic") @Nullable Boolean automatic,
        @JsonProperty("holdMillis") @Nullable Long holdMillis,
        @JsonProperty("keepAliveMillis") @Nullable Long keepAliveMillis,
        @JsonProperty("maxClients") @Nullable Integer maxClients,
        @JsonProperty("memoryDiskBytes") @Nullable Long memoryDiskBytes,
        @JsonProperty("logKeepBytes") @Nullable Long logKeepBytes,
        @JsonProperty("maxTransactionBytes") @Nullable Long maxTransactionBytes,
        @JsonProperty("maxMessageBytes") @Nullable Integer maxMessageBytes,
        @JsonProperty("loginMillis") @Nullable Long loginMillis,
        @JsonProperty("maxLoggingIn") @Nullable Integer maxLoggingIn,
        @JsonProperty("clientTls") @Nullable ClientTls clientTls,
        @JsonProperty("access") @Nullable List<String> access,
        @JsonProperty("accessFile") @Nullable Path accessFile,
        @JsonProperty("rolePasswordsFile") @Nullable Path rolePasswordsFile) {
      return new Service(
          name,
          Objects.requireNonNullElse(engine, "postgresql"),
          home,
          Objects.requireNonNullElse(clientPort, 0),
          dataDirectory,
          port,
          relayPort,
          binaries,
          Objects.requireNonNullElse(adminUser, "baton"),
          adminPasswordFile,
          Objects.requireNonNullElse(durability, Durability.REPLICATION),
          Objects.requireNonNullElse(memoryBytes, 256L << 20),
          Objects.requireNonNullElse(twins, true),
          Objects.requireNonNullElse(automatic, true),
          Objects.requireNonNullElse(holdMillis, 30_000L),
          Objects.requireNonNullElse(keepAliveMillis, 100L),
          Objects.requireNonNullElse(maxClients, 1000),
          Objects.requireNonNullElse(memoryDiskBytes, 1L << 30),
          Objects.requireNonNullElse(logKeepBytes, InstanceSettings.LOG_KEEP_BYTES),
          Objects.requireNonNullElse(maxTransactionBytes, 16L << 20),
          Objects.requireNonNullElse(maxMessageBytes, 16 << 20),
          Objects.requireNonNullElse(loginMillis, 60_000L),
          Objects.requireNonNullElse(maxLoggingIn, 1000),
          clientTls,
          Objects.requireNonNullElse(access, List.of()),
          accessFile,
          rolePasswordsFile);
    }
  }

  /// TLS between clients and the agent.
  ///
  /// @param certificate PEM chain, the server's own first
  /// @param privateKey PEM, PKCS #8, readable by its owner alone
  /// @param required whether clients without TLS are refused; null: no
  /// @param clientCa PEM; from one of these a client's certificate must come; null: none is asked
  ///   for
  public record ClientTls(
      Path certificate, Path privateKey, @Nullable Boolean required, @Nullable Path clientCa) {}

  /// Reads and checks a file.
  ///
  /// @throws ConfigurationException naming file, line and key of everything that is wrong, and what
  ///   to do
  public static AgentConfig read(Path file) throws ConfigurationException {
    return load(file).config();
  }

  /// As [#read], with the lines of the keys.
  public static Loaded load(Path file) throws ConfigurationException {
    try {
      ConfigReader.Read<AgentConfig> read = ConfigReader.read(file, AgentConfig.class);
      List<String> problems = new ConfigCheck(read.value(), read.text()).problems();
      if (!problems.isEmpty()) {
        throw new ConfigurationException(String.join("\n", problems));
      }
      return new Loaded(file, read.value(), read.text());
    } catch (InvalidConfig e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  /// A secret's text, without the line end.
  ///
  /// @throws ConfigurationException when it cannot be read, is empty, or others than its owner can
  ///   read it
  public static String secret(Path file) throws ConfigurationException {
    Optional<String> problem = OwnerOnly.problem(file);
    if (problem.isPresent()) {
      throw new ConfigurationException(problem.get());
    }
    try {
      String text = Files.readString(file).strip();
      if (text.isEmpty()) {
        throw new ConfigurationException(file + " is empty; write the secret into it");
      }
      return text;
    } catch (IOException e) {
      throw new ConfigurationException("cannot read the secret in " + file + ": " + e, e);
    }
  }

  /// A configuration that cannot be used; the message says where and what to do.
  public static final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
      super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
