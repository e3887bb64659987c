package dev.baton.service.cli;

import dev.baton.model.Json;
import dev.baton.model.tls.PemTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Options of every command that asks an agent.
final class Connection {
  static final String DEFAULT_ADDRESS = "http://127.0.0.1:6434";

  private static final Pattern USER = Pattern.compile("[A-Za-z0-9._@+-]{1,64}");

  @Option(
      names = "--connect",
      paramLabel = "URL",
      description = {
        "Control interface of an agent; given several times, the first that answers.",
        "Default: BATON_CONTROL, else " + DEFAULT_ADDRESS + "."
      })
  private List<String> connect = new ArrayList<>();

  @Option(
      names = "--demo",
      paramLabel = "DIR",
      description = "The demo that runs in this folder: addresses and token come from it.")
  private @Nullable Path demo;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "With --demo: the agent of this host.")
  private @Nullable String host;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the operator's token. Default: BATON_TOKEN_FILE, or the demo's.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = {
        "PEM; over https the agent's certificate must come from one of these.",
        "Default: BATON_CA_FILE, else those that Java trusts."
      })
  private @Nullable Path caFile;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM; shows over https who asks. Needs --key.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "PEM, PKCS #8: its private key.")
  private @Nullable Path key;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  ControlClient open(Terminal terminal) {
    JsonNode described = demo == null ? null : described(demo);
    return new ControlClient(
        addresses(terminal.environment(), described),
        token(terminal.environment(), described),
        user(terminal.environment()),
        tls(terminal.environment()));
  }

  /// Null: as Java does it.
  private @Nullable SSLContext tls(Map<String, String> environment) {
    Path authorities = caFile;
    if (authorities == null && environment.containsKey("BATON_CA_FILE")) {
      authorities = Path.of(environment.get("BATON_CA_FILE"));
    }
    if (authorities == null && certificate == null && key == null) {
      return null;
    }
    try {
      return PemTls.client(authorities, certificate, key);
    } catch (IOException e) {
      throw new CommandFailed("TLS: " + e.getMessage(), e);
    }
  }

  private List<String> addresses(Map<String, String> environment, @Nullable JsonNode described) {
    if (!connect.isEmpty()) {
      return connect;
    }
    if (described == null) {
      return List.of(environment.getOrDefault("BATON_CONTROL", DEFAULT_ADDRESS));
    }
    List<String> addresses = new ArrayList<>();
    described
        .path("hosts")
        .properties()
        .forEach(
            entry -> {
              if (host == null || host.equals(entry.getKey())) {
                addresses.add(entry.getValue().path("controlUrl").asString());
              }
            });
    if (addresses.isEmpty()) {
      throw new CommandFailed(
          "the demo in " + demo + " has no host " + (host == null ? "at all" : "'" + host + "'"));
    }
    return addresses;
  }

  private @Nullable String token(Map<String, String> environment, @Nullable JsonNode described) {
    Path file = tokenFile;
    if (file == null && environment.containsKey("BATON_TOKEN_FILE")) {
      file = Path.of(environment.get("BATON_TOKEN_FILE"));
    }
    if (file == null && described != null && described.has("operatorTokenFile")) {
      file = Path.of(described.path("operatorTokenFile").asString());
    }
    if (file == null) {
      return null;
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CommandFailed("cannot read the token file " + file + ": " + e.getMessage(), e);
    }
  }

  /// Who sits here, as far as the system knows; what does not fit into a header is left out.
  private static @Nullable String user(Map<String, String> environment) {
    String user = environment.getOrDefault("SUDO_USER", environment.getOrDefault("USER", ""));
    return USER.matcher(user).matches() ? user : null;
  }

  private static JsonNode described(Path folder) {
    Path file = folder.resolve("demo.json");
    try {
      return Json.MAPPER.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new CommandFailed(
          "no demo runs in "
              + folder
              + ": cannot read "
              + file
              + "; start one by 'baton demo --dir "
              + folder
              + "'",
          e);
    } catch (JacksonException e) {
      throw new CommandFailed(file + " is not what a demo writes: " + e.getOriginalMessage(), e);
    }
  }
}
