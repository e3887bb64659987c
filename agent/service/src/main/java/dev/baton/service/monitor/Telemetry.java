package dev.baton.service.monitor;

import dev.baton.model.view.SeriesView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads every gauge of this agent once a second: an hour stays in RAM, a mean a minute on disk for
/// two weeks. What the reading itself costs is one of its series.
public final class Telemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final int MINUTE = 60;

  /// Beyond it nothing is told, however long is asked for.
  public static final int MAX_MINUTES = (int) SeriesFile.KEPT_MINUTES;

  /// Most values of one series in an answer.
  private static final int MAX_VALUES = Series.SECONDS;

  /// Series of one agent; a gauge that would bring more is not read.
  private static final int MAX_SERIES = 1_000;

  private final String host;
  private final List<Gauge> gauges;
  private final Clock clock;
  private final SeriesFile file;
  private final Map<Key, Kept> all = new LinkedHashMap<>(); // guarded by itself
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("telemetry").daemon().factory());
  private long keptMinute;
  private final Set<Gauge> failing = Collections.newSetFromMap(new IdentityHashMap<>());

  /// Something that can be read: `read` is called once a second on one thread, and must not block.
  @FunctionalInterface
  public interface Gauge {
    void read(Sink sink);
  }

  /// Takes figures. What is not given in a second is a gap.
  @FunctionalInterface
  public interface Sink {
    /// @param service null: of the host
    /// @param unit as [SeriesView] has it
    void put(@Nullable String service, String name, String unit, double value);
  }

  private record Key(@Nullable String service, String name) {
    String text() {
      return (service == null ? "" : service) + "/" + name;
    }
  }

  private record Kept(String unit, Series series) {}

  Telemetry(String host, List<Gauge> gauges, Path path, Clock clock) throws IOException {
    this.host = host;
    this.gauges = List.copyOf(gauges);
    this.clock = clock;
    this.file = new SeriesFile(path);
    this.keptMinute = clock.instant().getEpochSecond() / MINUTE;
  }

  /// Begins to read.
  ///
  /// @param path of the history on disk
  /// @throws IOException when that cannot be opened
  public static Telemetry start(String host, List<Gauge> gauges, Path path, Clock clock)
      throws IOException {
    Telemetry telemetry = new Telemetry(host, gauges, path, clock);
    telemetry.thread.scheduleAtFixedRate(telemetry::read, 1, 1, TimeUnit.SECONDS);
    return telemetry;
  }

  void read() {
    long begun = System.nanoTime();
    long second = clock.instant().getEpochSecond();
    for (Gauge gauge : gauges) {
      try {
        gauge.read((service, name, unit, value) -> put(second, service, name, unit, value));
        failing.remove(gauge);
      } catch (RuntimeException e) {
        if (failing.add(gauge)) {
          LOG.warn("a gauge of this agent cannot be read: {}", e.toString(), e);
        }
      }
    }
    put(second, null, "measuringCost", "ms", (System.nanoTime() - begun) / 1e6);
    if (second / MINUTE > keptMinute) {
      keep(second / MINUTE);
    }
  }

  private void put(long second, @Nullable String service, String name, String unit, double value) {
    Key key = new Key(service, name);
    synchronized (all) {
      Kept kept = all.get(key);
      if (kept == null && all.size() < MAX_SERIES) {
        kept = new Kept(unit, new Series());
        all.put(key, kept);
      }
      if (kept != null) {
        kept.series().put(second, value);
      }
    }
  }

  /// Puts the minutes that are over on disk.
  private void keep(long now) {
    long first = Math.max(keptMinute, now - Series.SECONDS / MINUTE);
    for (long minute = first; minute < now; minute++) {
      Map<String, Double> means = new LinkedHashMap<>();
      synchronized (all) {
        for (Map.Entry<Key, Kept> each : all.entrySet()) {
          double mean = each.getValue().series().mean(minute * MINUTE, (minute + 1) * MINUTE);
          if (!Double.isNaN(mean)) {
            means.put(each.getKey().text(), mean);
          }
        }
      }
      file.put(minute, means);
    }
    keptMinute = now;
  }

  /// @param service null: of all and of the host
  /// @param name null: all
  /// @param minutes back from now, at most [#MAX_MINUTES]; up to an hour a value a second, beyond
  ///   it means of a minute or more
  public CompletionStage<List<SeriesView>> series(
      @Nullable String service, @Nullable String name, int minutes) {
    Map<Key, Kept> wanted = new LinkedHashMap<>();
    synchronized (all) {
      all.forEach(
          (key, kept) -> {
            if ((service == null || service.equals(key.service()))
                && (name == null || name.equals(key.name()))) {
              wanted.put(key, kept);
            }
          });
    }
    long now = clock.instant().getEpochSecond();
    if (minutes <= Series.SECONDS / MINUTE) {
      return CompletableFuture.completedStage(
          recent(wanted, now - (long) minutes * MINUTE + 1, now));
    }
    return older(wanted, now / MINUTE - minutes, now / MINUTE);
  }

  private List<SeriesView> recent(Map<Key, Kept> wanted, long from, long until) {
    List<SeriesView> views = new ArrayList<>();
    synchronized (all) {
      wanted.forEach(
          (key, kept) ->
              views.add(
                  view(
                      key,
                      kept.unit(),
                      from,
                      1,
                      LongStream.rangeClosed(from, until)
                          .mapToDouble(kept.series()::at)
                          .toArray())));
    }
    return views;
  }

  private CompletionStage<List<SeriesView>> older(Map<Key, Kept> wanted, long from, long until) {
    int minutesPerValue = Math.ceilDiv((int) (until - from), MAX_VALUES);
    List<CompletableFuture<SeriesView>> views = new ArrayList<>();
    wanted.forEach(
        (key, kept) ->
            views.add(
                file.get(key.text(), from, until)
                    .thenApply(
                        values ->
                            view(
                                key,
                                kept.unit(),
                                from * MINUTE,
                                minutesPerValue * MINUTE,
                                means(values, minutesPerValue)))
                    .toCompletableFuture()));
    return CompletableFuture.allOf(views.toArray(CompletableFuture[]::new))
        .thenApply(_ -> views.stream().map(CompletableFuture::join).toList());
  }

  private static double[] means(double[] values, int of) {
    if (of == 1) {
      return values;
    }
    return IntStream.range(0, Math.ceilDiv(values.length, of))
        .mapToDouble(
            i ->
                Arrays.stream(values, i * of, Math.min(values.length, (i + 1) * of))
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN))
        .toArray();
  }

  private SeriesView view(Key key, String unit, long fromSecond, int step, double[] values) {
    List<@Nullable Double> list = new ArrayList<>(values.length);
    for (double value : values) {
      list.add(Double.isNaN(value) ? null : value);
    }
    return new SeriesView(
        host,
        key.service(),
        key.name(),
        unit,
        Instant.ofEpochSecond(fromSecond),
        step,
        Collections.unmodifiableList(list));
  }

  @Override
  public void close() {
    thread.shutdownNow();
    file.close();
  }
}
