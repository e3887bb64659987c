package dev.baton.console.model;

import dev.baton.console.chart.Series;
import dev.baton.model.view.HostView;

/// A host's load over the last hour.
public final class HostHistory {
  private static final double PERCENT = 100;

  private final Series cpuPercent = Series.hour();
  private final Series memoryPercent = Series.hour();
  private final Series diskWriteBytesPerSecond = Series.hour();
  private final Series clients = Series.hour();

  void sample(Timed<HostView> measured) {
    long at = measured.measuredMillis();
    clients.add(at, measured.value().clients());
    HostView.LoadView load = measured.value().load();
    if (load == null) {
      return;
    }
    cpuPercent.add(at, load.cpuPercent());
    diskWriteBytesPerSecond.add(at, (double) load.diskWriteBytesPerSecond());
    if (load.memoryTotalBytes() > 0) {
      memoryPercent.add(at, PERCENT * load.memoryUsedBytes() / load.memoryTotalBytes());
    }
  }

  public Series cpuPercent() {
    return cpuPercent;
  }

  public Series memoryPercent() {
    return memoryPercent;
  }

  public Series diskWriteBytesPerSecond() {
    return diskWriteBytesPerSecond;
  }

  /// Connections of clients at this host's front.
  public Series clients() {
    return clients;
  }
}
