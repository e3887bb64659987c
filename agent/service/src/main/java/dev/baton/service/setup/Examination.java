package dev.baton.service.setup;

import dev.baton.model.view.HostView;
import dev.baton.net.Engine;
import dev.baton.service.agent.AgentConfig;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Looks at what an agent of this configuration needs on this host: files, ports, programs, the
/// coordination service, the clocks of the others. Changes nothing.
final class Examination {
  private static final long LEAST_FREE_BYTES = 1L << 30;
  private static final Duration CLOCKS_APART = Duration.ofSeconds(3);

  private final AgentConfig config;
  private final Instant now;
  private final RunningAgent agent;
  private final List<Finding> findings = new ArrayList<>();

  /// @param agent what answers at the control port
  Examination(AgentConfig config, Instant now, RunningAgent agent) {
    this.config = config;
    this.now = now;
    this.agent = agent;
  }

  List<Finding> findings() {
    directory();
    Optional<List<HostView>> hosts = agent.hosts();
    ports(hosts.isPresent());
    for (AgentConfig.Service service : config.services()) {
      instance(service);
      certificate(service);
    }
    AgentConfig.ControlTls tls = config.control().tls();
    if (tls != null) {
      findings.addAll(
          Certificates.look(
              "certificate of the control interface", tls.certificate(), tls.privateKey(), now));
    }
    files("certificate for other agents", config.peers().tls());
    files("certificate for coordination", config.coordinationTls());
    findings.add(CoordinationProbe.look(config.coordination(), config.coordinationTls()));
    findings.addAll(PeerProbe.look(config));
    clocks(hosts);
    return List.copyOf(findings);
  }

  private void directory() {
    String subject = "directory " + config.directory();
    Path present = nearestPresent(config.directory());
    if (!Files.isWritable(present)) {
      findings.add(
          Finding.wrong(
              subject,
              present + " cannot be written by this user",
              "run the doctor as the agent's user, or give it the folder: chown -R USER "
                  + present));
      return;
    }
    // asked of the file system itself: a FileStore wants its mount point, which a changed root
    // hides
    long free = present.toFile().getUsableSpace();
    String text = "%,d MB are free".formatted(free >> 20);
    findings.add(
        free < LEAST_FREE_BYTES
            ? Finding.warning(
                subject,
                text,
                "free some: log that does not fit in RAM goes there, up to memoryDiskBytes")
            : Finding.ok(subject, text));
  }

  private static Path nearestPresent(Path path) {
    Path at = path.toAbsolutePath();
    for (Path above = at.getParent(); !Files.exists(at) && above != null; above = at.getParent()) {
      at = above;
    }
    return at;
  }

  private void ports(boolean agentRuns) {
    if (agentRuns) {
      findings.add(Finding.ok("ports", "this host's agent runs, and has them"));
      return;
    }
    SequencedMap<String, Integer> ports = new LinkedHashMap<>();
    ports.put("ports.clients", config.ports().clients());
    ports.put("ports.peers", config.ports().peers());
    ports.put("ports.control", config.ports().control());
    for (AgentConfig.Service service : config.services()) {
      ports.put(service.name() + " clientPort", service.clientPort());
      ports.put(service.name() + " port", service.port());
      ports.put(service.name() + " relayPort", service.relayPort());
    }
    for (Map.Entry<String, Integer> port : ports.entrySet()) {
      if (port.getValue() > 0) {
        port(port.getKey(), port.getValue());
      }
    }
    address();
  }

  private void port(String key, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
      findings.add(Finding.ok("port " + port, "is free (" + key + ")"));
    } catch (IOException e) {
      findings.add(
          Finding.wrong(
              "port " + port,
              "is taken (" + key + "): " + e.getMessage(),
              "see who has it (ss -ltnp 'sport = :" + port + "') and end that, or change " + key));
    }
  }

  private void address() {
    String subject = "address " + config.bind();
    try {
      InetAddress address = InetAddress.getByName(config.bind());
      if (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null) {
        findings.add(Finding.ok(subject, "is this host's"));
        return;
      }
      findings.add(notOwn(subject, "is not one of this host's"));
    } catch (IOException e) {
      findings.add(notOwn(subject, "is not known: " + e.getMessage()));
    }
  }

  private static Finding notOwn(String subject, String found) {
    return Finding.wrong(
        subject,
        found,
        "set 'bind' to an address of this host (ip addr), or to 0.0.0.0 and 'peers.address' to the"
            + " one by which the other agents reach it");
  }

  private void instance(AgentConfig.Service service) {
    Path data = service.dataDirectory();
    if (data == null) {
      findings.add(Finding.ok("service " + service.name(), "has no database here: a gateway"));
      return;
    }
    String subject = "database of " + service.name();
    try {
      findings.add(Finding.ok(subject, engine(service).inspect(service.binaries(), data)));
    } catch (IOException e) {
      findings.add(
          Finding.wrong(
              subject,
              String.valueOf(e.getMessage()),
              "install a PostgreSQL server (14 or later) and set 'binaries', or mend"
                  + " 'dataDirectory'"));
    }
    Path present = nearestPresent(data);
    if (!Files.isReadable(present)) {
      findings.add(
          Finding.wrong(
              "directory " + data,
              present + " cannot be read by this user",
              "run the doctor as the agent's user, or see whose it is"));
    }
  }

  private static Engine engine(AgentConfig.Service service) throws IOException {
    return ServiceLoader.load(Engine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(engine -> engine.name().equals(service.engine()))
        .findFirst()
        .orElseThrow(() -> new IOException("engine '" + service.engine() + "' is not installed"));
  }

  private void certificate(AgentConfig.Service service) {
    AgentConfig.ClientTls tls = service.clientTls();
    if (tls != null) {
      findings.addAll(
          Certificates.look(
              "certificate of " + service.name(), tls.certificate(), tls.privateKey(), now));
    }
  }

  private void files(String subject, @Nullable TlsFiles tls) {
    if (tls != null) {
      findings.addAll(Certificates.look(subject, tls.certificate(), tls.privateKey(), now));
    }
  }

  /// The others' clocks matter for logs and histories alone: leases rest on rates, not on times.
  private void clocks(Optional<List<HostView>> hosts) {
    if (hosts.isEmpty()) {
      findings.add(
          Finding.ok("clocks", "not compared: no agent runs here that could ask the others"));
      return;
    }
    if (hosts.get().isEmpty()) {
      findings.add(Finding.ok("clocks", "not compared: ask baton status, which is told over TLS"));
    }
    for (HostView host : hosts.get()) {
      if (host.name().equals(config.host())) {
        continue;
      }
      if (!host.agent().equals("up")) {
        findings.add(
            Finding.warning(
                "host " + host.name(),
                "its agent does not answer this one",
                "see whether it runs, and whether its peer port can be reached"));
        continue;
      }
      Duration apart = Duration.between(host.measuredAt(), now).abs();
      String text = "differs from this one's by at most %d ms".formatted(apart.toMillis());
      findings.add(
          apart.compareTo(CLOCKS_APART) > 0
              ? Finding.warning(
                  "clock of " + host.name(),
                  text,
                  "run a time service on both (chrony): logs and histories cannot be compared else")
              : Finding.ok("clock of " + host.name(), text));
    }
  }
}
