package dev.baton.service.monitor;

import dev.baton.model.view.HostView.LoadView;

/// The host's load as [HostMonitor] measured it last.
public record HostGauge(HostMonitor monitor) implements Telemetry.Gauge {
  @Override
  public void read(Telemetry.Sink sink) {
    HostMonitor.Measurement measured = monitor.last();
    LoadView load = measured == null ? null : measured.load();
    if (measured == null || load == null) {
      return;
    }
    sink.put(null, "processor", "percent", load.cpuPercent());
    sink.put(null, "processorOfDatabases", "percent", load.databaseCpuPercent());
    sink.put(
        null,
        "memoryUsed",
        "percent",
        100.0 * load.memoryUsedBytes() / Math.max(1, load.memoryTotalBytes()));
    sink.put(null, "agentMemory", "bytes", (double) load.agentResidentBytes());
    sink.put(null, "diskRead", "bytes/s", (double) load.diskReadBytesPerSecond());
    sink.put(null, "diskWritten", "bytes/s", (double) load.diskWriteBytesPerSecond());
    sink.put(null, "diskFree", "bytes", (double) measured.configuration().diskFreeBytes());
    sink.put(null, "loadAverage", "", load.loadAverage());
    sink.put(null, "hostMeasuringCost", "ms", measured.costMillis());
  }
}
