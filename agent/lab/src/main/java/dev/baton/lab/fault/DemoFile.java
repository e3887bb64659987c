package dev.baton.lab.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.baton.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// `demo.json`: what runs where, for people and programs outside the demo.
public record DemoFile(
    Map<String, Host> hosts, Map<String, Service> services, String operatorTokenFile) {
  public static final String NAME = "demo.json";

  /// @param postmasterPid null while the database does not run
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Host(
      String clientUrl,
      String controlUrl,
      long agentPid,
      @Nullable Long postmasterPid,
      @Nullable Integer databasePort,
      @Nullable String dataDirectory) {}

  public record Service(String home, List<String> standbys) {}

  public static DemoFile read(Path directory) throws IOException {
    try {
      return Json.MAPPER.readValue(Files.readString(directory.resolve(NAME)), DemoFile.class);
    } catch (JacksonException e) {
      throw new IOException(directory.resolve(NAME) + ": " + e.getOriginalMessage(), e);
    }
  }

  /// Replaces the file as a whole: a reader sees the old one or the new one.
  public void write(Path directory) throws IOException {
    Path aside = directory.resolve(NAME + ".new");
    Files.writeString(
        aside, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    Files.move(aside, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /// @throws IOException when there is no such host
  public Host host(String name) throws IOException {
    Host host = hosts.get(name);
    if (host == null) {
      throw new IOException("no host '" + name + "' in the demo, only " + hosts.keySet());
    }
    return host;
  }
}
