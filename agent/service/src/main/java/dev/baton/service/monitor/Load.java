package dev.baton.service.monitor;

import dev.baton.model.view.HostView.LoadView;
import java.util.Map;

/// Turns two readings of the counters into a load. Pure.
final class Load {
  private Load() {}

  /// @param cores of the host
  static LoadView between(Counters before, Counters now, int cores) {
    double seconds = (now.atNanos() - before.atNanos()) / 1e9;
    double capacity = seconds * 1e9 * cores;
    double agent = processNanos(before.agentCpuNanos(), now.agentCpuNanos());
    double databases = processNanos(before.databaseCpuNanos(), now.databaseCpuNanos());
    return new LoadView(
        percent(
            (double) (now.cpuBusy() - before.cpuBusy()),
            (double) (now.cpuTotal() - before.cpuTotal())),
        percent(databases + agent, capacity),
        percent(databases, capacity),
        now.memoryUsedBytes(),
        now.memoryTotalBytes(),
        now.agentResidentBytes(),
        perSecond(now.diskReadBytes() - before.diskReadBytes(), seconds),
        perSecond(now.diskWriteBytes() - before.diskWriteBytes(), seconds),
        now.loadAverage());
  }

  /// A process that ended since takes its time along; one that is new brings all of its own.
  private static double processNanos(Map<Long, Long> before, Map<Long, Long> now) {
    long nanos = 0;
    for (Map.Entry<Long, Long> process : now.entrySet()) {
      // A process id that was used again has less time than its predecessor.
      nanos += Math.max(0, process.getValue() - before.getOrDefault(process.getKey(), 0L));
    }
    return nanos;
  }

  /// Counters of virtual machines now and then go back: that is no load.
  private static double percent(double part, double whole) {
    return whole <= 0 ? 0 : Math.clamp(100 * part / whole, 0, 100);
  }

  private static long perSecond(long bytes, double seconds) {
    return seconds <= 0 ? 0 : Math.max(0, Math.round(bytes / seconds));
  }
}
