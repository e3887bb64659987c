package dev.baton.engine.postgres.replication;

import dev.baton.core.engine.LogRelay;
import dev.baton.core.engine.LogSource;
import dev.baton.core.memory.Memory;
import dev.baton.net.BackendConnector;
import dev.baton.net.Engine;
import dev.baton.net.Engine.InstanceSettings;
import dev.baton.net.Transport;
import io.netty.channel.EventLoop;
import java.io.IOException;

/// Log source and relay of one memory, which tell each other of the home's timelines and of how far
/// the local instance is.
public final class WalReplication implements Engine.Replication {
  private final InstanceSettings settings;
  private final Memory memory;
  private final EventLoop memoryLoop;
  private final HomeLink link;
  private final LogSource source;

  /// @param memoryLoop the memory's thread; both parts are confined to it
  public WalReplication(
      InstanceSettings settings, Memory memory, EventLoop memoryLoop, BackendConnector connector) {
    this.settings = settings;
    this.memory = memory;
    this.memoryLoop = memoryLoop;
    UpstreamConnector upstreams = new UpstreamConnector(settings, memoryLoop, connector);
    String name = applicationName(settings.host());
    this.link = new HomeLink(upstreams, name + "_older");
    this.source = new WalCapture(memory, memoryLoop, upstreams, link, name);
  }

  /// Name of a host's capture at the home: what stands in `synchronous_standby_names`.
  public static String applicationName(String host) {
    return "baton_" + host;
  }

  /// What a local instance that follows the relay has as `primary_conninfo`.
  public static String relayAddress(InstanceSettings settings) {
    return "host=127.0.0.1 port=%d user=%s password=%s application_name=%s"
            .formatted(
                settings.relayPort(),
                quoted(settings.adminUser()),
                quoted(settings.adminPassword()),
                quoted(settings.host()))
        + " sslmode=disable gssencmode=disable";
  }

  private static String quoted(String value) {
    if (value.matches("[A-Za-z0-9_.-]+")) {
      return value;
    }
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public LogSource source() {
    return source;
  }

  @Override
  public LogRelay relay(Transport transport) throws IOException {
    return new WalRelay(settings, memory.log(), memoryLoop, link, transport);
  }
}
