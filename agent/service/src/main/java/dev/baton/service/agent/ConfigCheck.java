package dev.baton.service.agent;

import dev.baton.service.config.Addresses;
import dev.baton.service.config.ConfigText;
import dev.baton.service.tls.TlsFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is wrong with the values of a configuration: those that are missing, out of range, or do
/// not go together.
final class ConfigCheck {
  private static final int MAX_PORT = 65_535;
  private static final long MIN_MEMORY_BYTES = 4L << 20;
  private static final long MIN_LOG_KEEP_BYTES = 64L << 20;
  private static final long MAX_LOG_KEEP_BYTES = 1L << 50;
  private static final long MIN_TRANSACTION_BYTES = 64L << 10;
  private static final int MAX_MESSAGE_BYTES = 1 << 30;
  private static final long DAY_MILLIS = 86_400_000;

  private final AgentConfig config;
  private final ConfigText text;
  private final List<String> problems = new ArrayList<>();

  ConfigCheck(AgentConfig config, ConfigText text) {
    this.config = config;
    this.text = text;
  }

  /// In the order of the keys; empty when the configuration can be used.
  List<String> problems() {
    required("cluster", config.cluster());
    required("host", config.host());
    required("bind", config.bind());
    required("directory", config.directory());
    required("coordination", config.coordination());
    config.reach().stream()
        .filter(text -> !Directory.REACH.matcher(text).matches())
        .forEach(text -> wrong("reach", "'" + text + "' is no way; write HOST=ADDRESS:PORT"));
    required("secretFile", config.secretFile());
    required("operatorTokenFile", config.operatorTokenFile());
    if (required("ports", config.ports())) {
      port("ports.clients", config.ports().clients(), 0);
      port("ports.peers", config.ports().peers(), 0);
      port("ports.control", config.ports().control(), 0);
    }
    peers();
    files("coordinationTls", config.coordinationTls());
    AgentConfig.ControlTls tls = config.control().tls();
    if (tls != null) {
      required("control.tls.certificate", tls.certificate());
      required("control.tls.privateKey", tls.privateKey());
    }
    if (!config.control().certificateRoles().isEmpty() && (tls == null || tls.clientCa() == null)) {
      wrong("control.certificateRoles", "no certificate can be checked; add control.tls.clientCa");
    }
    if (required("services", config.services())) {
      for (int i = 0; i < config.services().size(); i++) {
        service("services[" + i + "].", config.services().get(i));
      }
      together();
    }
    return problems;
  }

  private void peers() {
    AgentConfig.Peers peers = config.peers();
    files("peers.tls", peers.tls());
    if (config.bind() == null) {
      return;
    }
    String key = peers.bind() == null ? "bind" : "peers.bind";
    if (peers.tls() == null && Addresses.fromElsewhere(config.peerBind())) {
      wrong(
          key,
          config.peerBind()
              + " can be reached by other hosts, and agents speak there by TLS only; add"
              + " peers.tls.certificate, peers.tls.privateKey and peers.tls.ca (baton init makes"
              + " them), or peers.bind: 127.0.0.1");
    }
    if (peers.tls() != null && Addresses.isWildcard(config.peerAddress())) {
      wrong(
          key,
          config.peerAddress()
              + " names no address by which the other agents reach this one; add peers.address");
    }
  }

  private void files(String at, @Nullable TlsFiles tls) {
    if (tls != null) {
      required(at + ".certificate", tls.certificate());
      required(at + ".privateKey", tls.privateKey());
      required(at + ".ca", tls.ca());
    }
  }

  private void service(String at, AgentConfig.Service service) {
    required(at + "name", service.name());
    required(at + "home", service.home());
    required(at + "adminPasswordFile", service.adminPasswordFile());
    port(at + "clientPort", service.clientPort(), 0);
    int least = service.carriesInstance() ? 1 : 0;
    port(at + "port", service.port(), least);
    port(at + "relayPort", service.relayPort(), least);
    if (!service.carriesInstance() && service.port() + service.relayPort() > 0) {
      wrong(at + "dataDirectory", "is missing; add it, or leave the ports out on a gateway");
    }
    within(at + "memoryBytes", service.memoryBytes(), MIN_MEMORY_BYTES, Long.MAX_VALUE);
    within(at + "memoryDiskBytes", service.memoryDiskBytes(), 0, Long.MAX_VALUE);
    within(at + "logKeepBytes", service.logKeepBytes(), MIN_LOG_KEEP_BYTES, MAX_LOG_KEEP_BYTES);
    within(
        at + "maxTransactionBytes",
        service.maxTransactionBytes(),
        MIN_TRANSACTION_BYTES,
        service.memoryBytes());
    within(at + "maxMessageBytes", service.maxMessageBytes(), 1 << 10, MAX_MESSAGE_BYTES);
    within(at + "maxClients", service.maxClients(), 1, Integer.MAX_VALUE);
    within(at + "maxLoggingIn", service.maxLoggingIn(), 1, Integer.MAX_VALUE);
    within(at + "loginMillis", service.loginMillis(), 100, DAY_MILLIS);
    within(at + "holdMillis", service.holdMillis(), 0, DAY_MILLIS);
    within(at + "keepAliveMillis", service.keepAliveMillis(), 1, DAY_MILLIS);
    AgentConfig.ClientTls tls = service.clientTls();
    if (tls != null) {
      required(at + "clientTls.certificate", tls.certificate());
      required(at + "clientTls.privateKey", tls.privateKey());
    }
    if (!service.access().isEmpty() && service.accessFile() != null) {
      wrong(at + "accessFile", "access has rules already; give one of both");
    }
  }

  /// A number given twice leaves one of both without it.
  private void together() {
    Map<String, String> names = new HashMap<>();
    Map<Integer, String> ports = new HashMap<>();
    if (config.ports() != null) {
      taken(ports, config.ports().peers(), "ports.peers");
      taken(ports, config.ports().control(), "ports.control");
    }
    for (int i = 0; i < config.services().size(); i++) {
      AgentConfig.Service service = config.services().get(i);
      String at = "services[" + i + "].";
      if (service.name() != null) {
        String before = names.put(service.name(), at + "name");
        if (before != null) {
          wrong(at + "name", "two services are named '" + service.name() + "'; give each its own");
        }
      }
      int clients = service.clientPort();
      boolean own = clients != 0;
      if (!own && config.ports() != null) {
        clients = config.ports().clients();
      }
      taken(ports, clients, own ? at + "clientPort" : at + "clientPort (none: ports.clients)");
      taken(ports, service.port(), at + "port");
      taken(ports, service.relayPort(), at + "relayPort");
    }
  }

  private void taken(Map<Integer, String> ports, int port, String key) {
    String before = port < 1 ? null : ports.putIfAbsent(port, key);
    if (before != null) {
      wrong(key, "port " + port + " is that of " + before + " already; give each its own");
    }
  }

  private void port(String key, int port, int least) {
    if (port < least || port > MAX_PORT) {
      wrong(key, (port == 0 ? "is missing" : port + " is no port") + "; give 1 to 65535");
    }
  }

  private void within(String key, long value, long least, long most) {
    if (value < least || value > most) {
      wrong(
          key,
          value
              + " is out of range, "
              + (most == Long.MAX_VALUE || most == Integer.MAX_VALUE
                  ? "at least " + least
                  : least + " to " + most));
    }
  }

  /// Null is what the reader leaves where a file has no such key.
  private boolean required(String key, @Nullable Object value) {
    if (value == null) {
      wrong(key, "is missing; add it");
    }
    return value != null;
  }

  private void wrong(String key, String what) {
    problems.add(text.where(key.replaceAll(" .*", "")) + ": " + key + ": " + what);
  }
}
