package dev.baton.engine.postgres;

import dev.baton.core.engine.Harm;
import dev.baton.core.engine.Instance;
import dev.baton.core.engine.Probe;
import dev.baton.core.memory.Memory;
import dev.baton.core.route.RequestLog;
import dev.baton.core.route.Route;
import dev.baton.engine.postgres.instance.Installations;
import dev.baton.engine.postgres.instance.InstanceHarm;
import dev.baton.engine.postgres.instance.InstanceProbe;
import dev.baton.engine.postgres.instance.PostgresInstance;
import dev.baton.engine.postgres.instance.ServerBinaries;
import dev.baton.engine.postgres.login.BackendLogin;
import dev.baton.engine.postgres.login.CancelRegistry;
import dev.baton.engine.postgres.login.PostgresFront;
import dev.baton.engine.postgres.protect.PostgresProtection;
import dev.baton.engine.postgres.replication.BaseBackup;
import dev.baton.engine.postgres.replication.WalReplication;
import dev.baton.engine.postgres.session.PostgresSessions;
import dev.baton.net.AccessPolicy;
import dev.baton.net.BackendConnector;
import dev.baton.net.Engine;
import dev.baton.net.Front;
import dev.baton.net.FrontSettings;
import dev.baton.net.Protection;
import dev.baton.net.Transport;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// PostgreSQL, from version 14 on.
public final class PostgresEngine implements Engine {
  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public Instance instance(
      InstanceSettings settings,
      @Nullable Path binaries,
      Transport transport,
      BackendConnector connector)
      throws IOException {
    BaseBackup backup =
        new BaseBackup(settings, transport.group().next(), connector, BaseBackup.Options.DEFAULT);
    return new PostgresInstance(settings, ServerBinaries.find(binaries), backup::copy);
  }

  @Override
  public Harm harm(InstanceSettings settings) {
    return new InstanceHarm(settings.dataDirectory());
  }

  @Override
  public Probe probe(InstanceSettings settings) {
    return new InstanceProbe(settings);
  }

  @Override
  public Replication replication(
      InstanceSettings settings, Memory memory, EventLoop memoryLoop, BackendConnector connector) {
    return new WalReplication(settings, memory, memoryLoop, connector);
  }

  @Override
  public Protection protection(
      InstanceSettings settings, @Nullable Path binaries, AccessPolicy access) throws IOException {
    return new PostgresProtection(settings, ServerBinaries.find(binaries), access);
  }

  @Override
  public List<Path> installed() {
    return Installations.find(Path.of("/"));
  }

  @Override
  public String inspect(@Nullable Path binaries, Path dataDirectory) throws IOException {
    return Installations.inspect(binaries, dataDirectory);
  }

  @Override
  public List<String> problems(AccessPolicy access) {
    return PostgresFront.problems(access);
  }

  @Override
  public Front front(
      FrontSettings settings,
      Route route,
      RequestLog requestLog,
      Transport transport,
      BackendConnector connector)
      throws IOException {
    BackendLogin login =
        new BackendLogin(
            settings.service(),
            connector,
            settings.maxMessageBytes(),
            Duration.ofMillis(settings.loginMillis()));
    CancelRegistry cancels = new CancelRegistry();
    PostgresSessions sessions =
        new PostgresSessions(
            settings, route, requestLog, login, cancels, transport.group().next(), 1);
    return PostgresFront.listen(settings, route, transport, connector, cancels, sessions);
  }
}
