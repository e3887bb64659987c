package dev.baton.service.agent;

import dev.baton.core.cluster.Coordination;
import dev.baton.model.Json;
import dev.baton.model.view.HostView;
import dev.baton.model.view.SessionView;
import dev.baton.service.policy.PolicyStore;
import dev.baton.service.policy.PolicyWatch;
import dev.baton.service.views.ClusterViews;
import dev.baton.service.views.LocalViews;
import dev.baton.service.views.LocalViews.LocalService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures this agent's part several times a second, and tells it to every other agent.
final class ViewsExchange {
  private static final Logger LOG = LoggerFactory.getLogger(ViewsExchange.class);
  private static final String METHOD = "views";
  private static final long INTERVAL_MILLIS = 200;

  private final String version;
  private final List<ServiceUnit> units;
  private final List<OwnViews> own;
  private final Supplier<HostView> host;
  private final Coordination coordination;
  private final Peers peers;
  private final ClusterViews cluster;
  private final PolicyStore policies;
  private final PolicyWatch watch;

  /// @param host this host as measured, without what the services say of it
  ViewsExchange(
      String version,
      List<ServiceUnit> units,
      List<OwnViews> own,
      Supplier<HostView> host,
      Coordination coordination,
      Peers peers,
      ClusterViews cluster,
      PolicyStore policies,
      PolicyWatch watch) {
    this.version = version;
    this.units = units;
    this.own = own;
    this.host = host;
    this.coordination = coordination;
    this.peers = peers;
    this.cluster = cluster;
    this.policies = policies;
    this.watch = watch;
    peers.handle(
        METHOD,
        (from, body) -> {
          LocalViews views = Json.MAPPER.readValue(body, LocalViews.class);
          cluster.put(views);
          policies.merge(views.policies());
          return CompletableFuture.completedStage("");
        });
  }

  void begin(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(
        this::exchange, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void exchange() {
    List<CompletableFuture<LocalService>> parts =
        own.stream().map(views -> views.measure().toCompletableFuture()).toList();
    CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .whenComplete(
            (done, error) -> {
              if (error == null) {
                tell(parts.stream().map(CompletableFuture::join).toList());
              } else {
                LOG.warn("this agent cannot measure itself: {}", error.toString());
              }
            });
  }

  private void tell(List<LocalService> services) {
    List<SessionView> sessions = new ArrayList<>();
    units.forEach(unit -> sessions.addAll(unit.front().sessions()));
    LocalViews views =
        new LocalViews(
            withInstances(host.get(), sessions.size()),
            coordination.connection().name().toLowerCase(java.util.Locale.ROOT),
            version,
            services,
            sessions,
            policies.book(),
            watch.assessed(),
            Instant.now());
    cluster.put(views);
    String body = Json.MAPPER.writeValueAsString(views);
    peers.connected().forEach(peer -> peers.tell(peer, METHOD, body));
  }

  private HostView withInstances(HostView measured, int clients) {
    return new HostView(
        measured.name(),
        measured.agent(),
        measured.clientAddress(),
        measured.controlUrl(),
        own.stream().filter(OwnViews::carriesInstance).map(OwnViews::instanceView).toList(),
        measured.load(),
        measured.configuration(),
        clients,
        measured.measuredAt());
  }
}
