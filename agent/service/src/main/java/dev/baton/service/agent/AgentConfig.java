package dev.baton.service.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.baton.model.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// An agent's configuration, as it stands in its one YAML file.
///
/// @param cluster name of the cluster; agents of another one are refused
/// @param host name of this host in the cluster
/// @param bind address on which clients, peers and the control interface are served
/// @param directory for the agent's own files: spill, generation
/// @param coordination connect string of the coordination service
/// @param secretFile shared by all agents of the cluster, readable only by its owner
/// @param operatorTokenFile bearer token of the control interface, readable only by its owner
public record AgentConfig(
    String cluster,
    String host,
    String bind,
    Ports ports,
    Path directory,
    String coordination,
    Path secretFile,
    Path operatorTokenFile,
    List<Service> services) {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  public record Ports(int clients, int peers, int control) {}

  /// @param clientPort where this service's clients connect; 0: the agent's own, for one service
  /// @param home host that is home when there is no record of the service yet
  /// @param port of the local instance, loopback only
  /// @param relayPort on which the local instance finds the relay, loopback only
  /// @param binaries directory of the server's programs; null: those that come with Baton
  /// @param memoryBytes bound of log and requests in RAM
  /// @param automatic whether an unavailable home is left without an operator
  public record Service(
      String name,
      String engine,
      String home,
      int clientPort,
      Path dataDirectory,
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
      int maxClients) {

    @JsonCreator
    static Service of(
        @JsonProperty("name") String name,
        @JsonProperty("engine") @Nullable String engine,
        @JsonProperty("home") String home,
        @JsonProperty("clientPort") @Nullable Integer clientPort,
        @JsonProperty("dataDirectory") Path dataDirectory,
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
        @JsonProperty("maxClients") @Nullable Integer maxClients) {
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
          Objects.requireNonNullElse(maxClients, 1000));
    }
  }

  /// Reads and checks a file.
  ///
  /// @throws ConfigurationException saying which file, which key and what to do
  public static AgentConfig read(Path file) throws ConfigurationException {
    try {
      AgentConfig config = YAML.readValue(file.toFile(), AgentConfig.class);
      config.check(file);
      return config;
    } catch (UnrecognizedPropertyException e) {
      throw new ConfigurationException(
          file + lineOf(file, e.getPropertyName()) + ": unknown key '" + e.getPropertyName() + "'",
          e);
    } catch (JacksonException e) {
      throw new ConfigurationException(file + ": " + e.getOriginalMessage(), e);
    }
  }

  /// The parser has passed a key by the time it refuses it, so its line is looked up in the text.
  private static String lineOf(Path file, String key) {
    try {
      List<String> lines = Files.readAllLines(file);
      for (int line = 0; line < lines.size(); line++) {
        if (lines.get(line).matches("[ -]*" + Pattern.quote(key) + "\\s*:.*")) {
          return " line " + (line + 1);
        }
      }
      return "";
    } catch (IOException e) {
      return " (gone since it was read: " + e.getMessage() + ")";
    }
  }

  private void check(Path file) throws ConfigurationException {
    require(file, "cluster", cluster);
    require(file, "host", host);
    require(file, "bind", bind);
    require(file, "ports", ports);
    require(file, "directory", directory);
    require(file, "coordination", coordination);
    require(file, "secretFile", secretFile);
    require(file, "operatorTokenFile", operatorTokenFile);
    require(file, "services", services);
    Set<String> names = new HashSet<>();
    for (Service service : services) {
      String where = "services[" + names.size() + "].";
      require(file, where + "name", service.name());
      require(file, where + "home", service.home());
      require(file, where + "dataDirectory", service.dataDirectory());
      require(file, where + "adminPasswordFile", service.adminPasswordFile());
      if (!names.add(service.name())) {
        throw new ConfigurationException(
            file + ": two services are named '" + service.name() + "'; give each its own name");
      }
      if (service.port() < 1 || service.relayPort() < 1) {
        throw new ConfigurationException(
            file
                + ": service '"
                + service.name()
                + "' needs 'port' and 'relayPort', 1 to 65535, free on the loopback address");
      }
    }
  }

  private static void require(Path file, String key, @Nullable Object value)
      throws ConfigurationException {
    if (value == null) {
      throw new ConfigurationException(file + ": the key '" + key + "' is missing; add it");
    }
  }

  /// A secret's text, without the line end.
  ///
  /// @throws ConfigurationException when it cannot be read, is empty, or others than its owner can
  ///   read it
  public static String secret(Path file) throws ConfigurationException {
    try {
      Set<PosixFilePermission> tooMuch =
          EnumSet.of(
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.GROUP_WRITE,
              PosixFilePermission.OTHERS_READ,
              PosixFilePermission.OTHERS_WRITE);
      tooMuch.retainAll(Files.getPosixFilePermissions(file));
      if (!tooMuch.isEmpty()) {
        throw new ConfigurationException(
            file + " can be read by others than its owner; run: chmod 600 " + file);
      }
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
