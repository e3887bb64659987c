package dev.baton.core.policy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that is known at one moment, as one agent sees it.
public record ClusterFacts(Instant now, Map<String, HostFacts> hosts, List<ServiceFacts> services) {
  public ClusterFacts {
    hosts = Map.copyOf(hosts);
    services = List.copyOf(services);
  }

  Optional<HostFacts> host(String name) {
    return Optional.ofNullable(hosts.get(name));
  }
}
