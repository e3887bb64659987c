package dev.baton.console.model;

import dev.baton.console.chart.Series;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was measured of a service over the last hour.
public final class ServiceHistory {
  private static final String REPLAYED = "replayed";

  private final Map<String, Series> lagBytes = new LinkedHashMap<>();
  private final Map<String, Series> lagMillis = new LinkedHashMap<>();
  private final Map<String, Series> uncovered = new LinkedHashMap<>();
  private final Map<String, Series> memoryBytes = new LinkedHashMap<>();
  private final Series transactionsPerSecond = Series.hour();

  void sample(Timed<ServiceView> measured) {
    transactionsPerSecond.add(measured.measuredMillis(), measured.value().transactionsPerSecond());
  }

  void sample(long measuredMillis, PositionsView positions) {
    for (PositionsView.StandbyPositions standby : positions.standbys()) {
      for (PositionsView.Rung rung : standby.rungs()) {
        if (rung.name().equals(REPLAYED)) {
          series(lagBytes, standby.host())
              .add(measuredMillis, Math.max(0.0, (double) rung.lagBytes()));
          if (rung.lagMillis() != null) {
            series(lagMillis, standby.host()).add(measuredMillis, rung.lagMillis());
          }
        }
      }
    }
  }

  void sampleMemory(Timed<MemoryView> measured) {
    MemoryView memory = measured.value();
    series(uncovered, memory.host()).add(measured.measuredMillis(), memory.uncovered().size());
    series(memoryBytes, memory.host()).add(measured.measuredMillis(), (double) memory.bytesHeld());
  }

  /// Forgets standbys of which nothing newer is known.
  void forgetBefore(long oldestMillis) {
    for (Map<String, Series> byHost : List.of(lagBytes, lagMillis, uncovered, memoryBytes)) {
      byHost.values().removeIf(series -> series.newestMillis() < oldestMillis);
    }
  }

  int kept() {
    return lagBytes.size() + lagMillis.size() + uncovered.size() + memoryBytes.size();
  }

  private static Series series(Map<String, Series> of, String host) {
    return of.computeIfAbsent(host, _ -> Series.hour());
  }

  /// Bytes from the home's current position to what a standby has replayed, by standby.
  public Map<String, Series> lagBytes() {
    return lagBytes;
  }

  public Map<String, Series> lagMillis() {
    return lagMillis;
  }

  /// Transactions that no log covers yet, by the memory's host; the agents list at most 100.
  public Map<String, Series> uncovered() {
    return uncovered;
  }

  /// Bytes that a memory holds in RAM, by its host.
  public Map<String, Series> memoryBytes() {
    return memoryBytes;
  }

  /// Commits a second.
  public Series transactionsPerSecond() {
    return transactionsPerSecond;
  }
}
