package dev.baton.service.policy;

import dev.baton.core.policy.ClusterFacts;
import dev.baton.core.policy.HostFacts;
import dev.baton.core.policy.HostFacts.Configuration;
import dev.baton.core.policy.HostFacts.Load;
import dev.baton.core.policy.HostFacts.Maintenance;
import dev.baton.core.policy.ServiceFacts;
import dev.baton.core.policy.ServiceFacts.Standby;
import dev.baton.model.view.HostView;
import dev.baton.model.view.HostView.LoadView;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.ServiceView;
import dev.baton.service.views.ClusterViews;
import dev.baton.service.views.PolicyBook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Facts for the policies, taken from what all agents measured.
final class MeasuredFacts {
  /// What a policy has ordered is told by its actor.
  static final String ACTOR = "policy of ";

  private static final Duration DAY = Duration.ofDays(1);

  private MeasuredFacts() {}

  static ClusterFacts of(ClusterViews views, PolicyBook book, Instant now) {
    Map<String, HostFacts> hosts = new TreeMap<>();
    Map<String, Double> databasePercent = new TreeMap<>();
    for (HostView view : views.hosts(now)) {
      hosts.put(view.name(), host(view, book.maintenance().get(view.name())));
      LoadView load = view.load();
      databasePercent.put(view.name(), load == null ? 0 : load.databaseCpuPercent());
    }
    List<ServiceView> services = views.services(now);
    List<MoveView> moves = views.moves();
    return new ClusterFacts(
        now,
        hosts,
        services.stream()
            .map(
                view ->
                    service(
                        view,
                        moves,
                        views,
                        databasePercent.getOrDefault(view.home(), 0.0)
                            / services.stream()
                                .filter(other -> other.home().equals(view.home()))
                                .count(),
                        now))
            .toList());
  }

  private static HostFacts host(HostView view, @Nullable MaintenanceView announced) {
    LoadView load = view.load();
    HostView.ConfigurationView configuration = view.configuration();
    return new HostFacts(
        view.name(),
        view.agent().equals("up"),
        load == null
            ? null
            : new Load(
                load.cpuPercent(),
                100.0 * load.memoryUsedBytes() / Math.max(1, load.memoryTotalBytes())),
        configuration == null
            ? null
            : new Configuration(
                configuration.cores(),
                configuration.memoryBytes(),
                configuration.diskFreeBytes(),
                view.instances().isEmpty() ? "" : view.instances().getFirst().version()),
        announced == null
            ? null
            : new Maintenance(announced.from(), announced.until(), announced.why()));
  }

  /// @param cpuPercent its share of what the home's databases take: measured together, and taken to
  ///   be the same for each service at home there
  private static ServiceFacts service(
      ServiceView view, List<MoveView> moves, ClusterViews views, double cpuPercent, Instant now) {
    List<MoveView> done =
        moves.stream()
            .filter(move -> move.service().equals(view.name()) && move.outcome().equals("done"))
            .toList();
    return new ServiceFacts(
        view.name(),
        view.home(),
        view.phase().equals("open"),
        view.runningMove() != null,
        done.stream()
            .map(move -> Duration.between(move.startedAt(), now).toMillis() / 1e3)
            .min(Double::compare)
            .orElse(null),
        (int)
            done.stream()
                .filter(move -> move.actor().startsWith(ACTOR))
                .filter(move -> move.startedAt().isAfter(now.minus(DAY)))
                .count(),
        cpuPercent,
        view.standbys().stream()
            .map(
                standby ->
                    new Standby(
                        standby.host(),
                        standby.state().equals("in-sync"),
                        standby.lagBytes(),
                        views.secondsNotInMemory(view.name(), standby.host(), now)))
            .toList());
  }
}
