package dev.baton.lab.demo;

import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.lab.fault.DemoFile;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps `demo.json` true: writes it anew when a process or a role has changed.
final class DemoFileKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoFileKeeper.class);
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final DemoCluster cluster;
  private volatile boolean closed;
  private volatile @Nullable ServiceView service;
  private @Nullable DemoFile written;

  /// @param service as it is when everything is ready
  DemoFileKeeper(DemoCluster cluster, ServiceView service) throws IOException {
    this.cluster = cluster;
    this.service = service;
    writeIfChanged(service);
    Thread.ofPlatform().daemon().name("demo-file").start(this::keep);
  }

  /// As last told by an agent.
  @Nullable ServiceView service() {
    return service;
  }

  private void keep() {
    while (!closed) {
      LockSupport.parkNanos(INTERVAL.toNanos());
      try {
        ServiceView now = cluster.control().service(DemoFiles.SERVICE).orElse(service);
        if (now != null && !closed) {
          service = now;
          writeIfChanged(now);
        }
      } catch (IOException e) {
        LOG.debug("no agent tells how things are: {}", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void writeIfChanged(ServiceView now) throws IOException {
    Map<String, DemoFile.Host> hosts = new LinkedHashMap<>();
    for (DemoHost host : cluster.files().hosts()) {
      hosts.put(host.name(), entry(host));
    }
    List<String> standbys = now.standbys().stream().map(ServiceView.StandbyView::host).toList();
    DemoFile file =
        new DemoFile(
            hosts,
            Map.of(now.name(), new DemoFile.Service(now.home(), standbys)),
            cluster.files().operatorToken().toString());
    if (!file.equals(written)) {
      file.write(cluster.files().directory());
      written = file;
    }
  }

  private DemoFile.Host entry(DemoHost host) {
    long agentId = cluster.agentId(host.name());
    if (!host.hasDatabase()) {
      return new DemoFile.Host(host.clientUrl(), host.controlUrl(), agentId, null, null, null);
    }
    OptionalLong main = ServerProcesses.main(host.dataDirectory());
    return new DemoFile.Host(
        host.clientUrl(),
        host.controlUrl(),
        agentId,
        main.isPresent() ? main.getAsLong() : null,
        host.databasePort(),
        host.dataDirectory().toString());
  }

  @Override
  public void close() {
    closed = true;
  }
}
