package dev.baton.console.model;

import java.util.HashMap;
import java.util.Map;

/// What a cluster's past hour was: series for the charts, frames to scrub back to, and what
/// happened. Filled by the model that listens; read as well by the one that shows the past.
final class ClusterHistory {
  private final Map<String, HostHistory> hosts = new HashMap<>();
  private final Map<String, ServiceHistory> services = new HashMap<>();
  private final Reel reel = new Reel();
  private final EventLog events = new EventLog();

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
