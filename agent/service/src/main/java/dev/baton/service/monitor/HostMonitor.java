package dev.baton.service.monitor;

import dev.baton.model.view.HostView.ConfigurationView;
import dev.baton.model.view.HostView.LoadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures this host once a second on a platform thread of its own and keeps the last measurement,
/// which any thread may read at any time.
public final class HostMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostMonitor.class);
  private static final long PERIOD_MILLIS = 1_000;

  /// Where several hosts are played on one machine: file with the ids of processes, one a line,
  /// that make up a host together with its agent and its databases.
  private static final String PROCESSES = "baton.host.processes";

  /// A measurement that takes longer than this part of the period is told, once.
  private static final double COSTLY = 0.05;

  private final Gauges gauges;
  private final Path data;
  private final Supplier<Set<Long>> databases;
  private final @Nullable Path others;
  private final Clock clock;
  private final ScheduledExecutorService thread;
  private @Nullable Counters before;
  private boolean toldCostly;
  private boolean failing;
  private volatile @Nullable Measurement last;

  /// @param load null for the first second: it takes two readings
  /// @param costMillis time that this measurement took
  public record Measurement(
      @Nullable LoadView load,
      ConfigurationView configuration,
      double costMillis,
      Instant measuredAt) {}

  /// @param others file that lists further processes of this host; null: the host is the machine
  HostMonitor(
      Gauges gauges, Path data, Supplier<Set<Long>> databases, @Nullable Path others, Clock clock) {
    this.gauges = gauges;
    this.data = data;
    this.databases = databases;
    this.others = others;
    this.clock = clock;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("host-monitor").daemon().factory());
  }

  /// Begins to measure.
  ///
  /// @param data where the instances keep their data: its free space is told
  /// @param instances main processes of the local instances, asked at each measurement
  public static HostMonitor start(Path data, Supplier<Set<Long>> instances, Clock clock) {
    Path proc = Path.of("/proc");
    Gauges gauges =
        Files.isReadable(proc.resolve("meminfo"))
            ? new ProcGauges(proc, Path.of("/sys"), ProcessHandle.current().pid())
            : new OshiGauges();
    String others = System.getProperty(PROCESSES);
    HostMonitor monitor =
        new HostMonitor(gauges, data, instances, others == null ? null : Path.of(others), clock);
    monitor.thread.scheduleAtFixedRate(monitor::measure, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return monitor;
  }

  /// Null before the first measurement.
  public @Nullable Measurement last() {
    return last;
  }

  void measure() {
    long begun = System.nanoTime();
    try {
      Counters now = gauges.read(new Gauges.Processes(databases.get(), others()));
      Counters earlier = before;
      before = now;
      ConfigurationView configuration = gauges.configuration(freeBytes());
      LoadView load = earlier == null ? null : load(earlier, now, configuration.cores());
      double costMillis = (System.nanoTime() - begun) / 1e6;
      last = new Measurement(load, configuration, costMillis, clock.instant());
      failing = false;
      tellCost(costMillis);
    } catch (IOException | RuntimeException e) {
      // The measurement before stays, and grows old for all to see; the next may succeed.
      if (!failing) {
        failing = true;
        LOG.warn("the load of this host cannot be measured: {}", e.toString());
      }
    }
  }

  private LoadView load(Counters earlier, Counters now, int cores) {
    LoadView load = Load.between(earlier, now, cores);
    return others == null ? load : load.ofProcessesAlone();
  }

  private Set<Long> others() throws IOException {
    Path file = others;
    if (file == null || !Files.exists(file)) {
      return Set.of();
    }
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank())
        .map(line -> Long.valueOf(line.strip()))
        .collect(Collectors.toSet());
  }

  private void tellCost(double costMillis) {
    if (!toldCostly && costMillis > COSTLY * PERIOD_MILLIS) {
      toldCostly = true;
      LOG.info("measuring this host took {} ms of {} ms", Math.round(costMillis), PERIOD_MILLIS);
    }
  }

  private long freeBytes() throws IOException {
    Path existing = data.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent(); // not seeded yet
    }
    return Files.getFileStore(existing).getUsableSpace();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
