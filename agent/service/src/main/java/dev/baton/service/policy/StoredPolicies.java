package dev.baton.service.policy;

import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.WhyView;
import dev.baton.service.control.PolicyDesk;
import dev.baton.service.control.Refused;
import dev.baton.service.views.ClusterViews;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;

/// The desk over this agent's copy, for the services and hosts that are known.
public final class StoredPolicies implements PolicyDesk {
  private final PolicyStore store;
  private final ClusterViews views;
  private final List<String> services;
  private final Clock clock;

  /// @param services that this agent carries
  public StoredPolicies(PolicyStore store, ClusterViews views, List<String> services, Clock clock) {
    this.store = store;
    this.views = views;
    this.services = List.copyOf(services);
    this.clock = clock;
  }

  @Override
  public List<PolicyView> policies() {
    return services.stream().sorted().map(store.book()::policy).toList();
  }

  @Override
  public PolicyView change(String service, PolicyRequest request, String actor) {
    if (!services.contains(service)) {
      throw Refused.notFound("there is no service '" + service + "'; there are " + services);
    }
    return store.change(service, request, actor);
  }

  @Override
  public List<MaintenanceView> maintenance() {
    return store.book().maintenance().values().stream()
        .filter(announced -> !announced.isOverAt(clock.instant()))
        .sorted(Comparator.comparing(MaintenanceView::host))
        .toList();
  }

  @Override
  public MaintenanceView announce(String host, MaintenanceRequest request, String actor) {
    if (views.part(host) == null) {
      throw Refused.notFound(
          "there is no host '%s'; there are %s"
              .formatted(
                  host, views.hosts(clock.instant()).stream().map(view -> view.name()).toList()));
    }
    return store.announce(host, request, actor);
  }

  @Override
  public List<WhyView> why() {
    return views.why(clock.instant());
  }
}
