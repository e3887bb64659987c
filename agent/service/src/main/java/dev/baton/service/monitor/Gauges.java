package dev.baton.service.monitor;

import dev.baton.model.view.HostView.ConfigurationView;
import java.io.IOException;
import java.util.Set;

/// Reads the counters of this host. Called from one thread.
interface Gauges {
  Counters read(Processes processes) throws IOException;

  /// Processes whose children count with them.
  ///
  /// @param databases main processes of the local instances
  /// @param others beside the agent's own, of which nothing need be said
  record Processes(Set<Long> databases, Set<Long> others) {}

  /// @param diskFreeBytes where the instances keep their data
  ConfigurationView configuration(long diskFreeBytes);
}
