package dev.baton.console.model;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What a cluster's past hour was: series for the charts, frames to scrub back to, and what
/// happened. Filled by the model that listens; read as well by the one that shows the past.
final class ClusterHistory {
  private final Map<String, HostHistory> hosts = new HashMap<>();
  private final Map<String, ServiceHistory> services = new HashMap<>();
  private final Reel reel = new Reel();
  private final EventLog events = new EventLog();

  /// Forgets hosts and services that are gone and of which the charts could show nothing any more:
  /// names come and go over months, what is kept must not grow with them.
  ///
  /// @param nowMillis on the console's clock
  void forgetBefore(long nowMillis, Set<String> liveHosts, Set<String> liveServices) {
    long oldest = nowMillis - Reel.SPAN_MILLIS;
    hosts
        .entrySet()
        .removeIf(
            each ->
                !liveHosts.contains(each.getKey())
                    && each.getValue().clients().newestMillis() < oldest);
    services
        .entrySet()
        .removeIf(
            each ->
                !liveServices.contains(each.getKey())
                    && each.getValue().transactionsPerSecond().newestMillis() < oldest);
    services.values().forEach(service -> service.forgetBefore(oldest));
  }

  /// Hosts and services of which something is kept.
  int kept() {
    return hosts.size()
        + services.size()
        + services.values().stream().mapToInt(ServiceHistory::kept).sum();
  }

  HostHistory host(String name) {
    return hosts.computeIfAbsent(name, _ -> new HostHistory());
  }

  ServiceHistory service(String name) {
    return services.computeIfAbsent(name, _ -> new ServiceHistory());
  }

  Reel reel() {
    return reel;
  }

  EventLog events() {
    return events;
  }
}
