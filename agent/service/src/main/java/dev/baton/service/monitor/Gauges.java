package dev.baton.service.monitor;

import dev.baton.model.view.HostView.ConfigurationView;
import java.io.IOException;
import java.util.Set;

/// Reads the counters of this host. Called from one thread.
interface Gauges {
  /// @param roots processes whose children count as the agent's too, beside its own
  Counters read(Set<Long> roots) throws IOException;

  /// @param diskFreeBytes where the instances keep their data
  ConfigurationView configuration(long diskFreeBytes);
}
