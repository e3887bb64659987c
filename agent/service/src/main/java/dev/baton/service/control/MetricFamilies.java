package dev.baton.service.control;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Gathers the points of one scrape by family. Confined to the thread of the scrape.
final class MetricFamilies {
  private final Map<String, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();

  private record Family(boolean counter, String help, Map<Labels, Double> points) {}

  private final Map<String, Family> families = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  /// @param labels name, value, name, value, …
  void gauge(String name, String help, Number value, String... labels) {
    points(name, help, false).put(Labels.of(labels), value.doubleValue());
  }

  /// @param name without `_total`, which the format adds
  void counter(String name, String help, Number value, String... labels) {
    points(name, help, true).put(Labels.of(labels), value.doubleValue());
  }

  /// A gauge that says how often it was called.
  void count(String name, String help, String... labels) {
    points(name, help, false).merge(Labels.of(labels), 1.0, Double::sum);
  }

  /// As `count`, and a zero is shown when it counts nothing.
  void countIf(boolean counts, String name, String help, String... labels) {
    points(name, help, false).merge(Labels.of(labels), counts ? 1.0 : 0.0, Double::sum);
  }

  /// @param bounds upper ones, rising
  /// @param counts of each bucket alone; one more than bounds, for what is beyond
  void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < counts.length; i++) {
      buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
    }
    histograms
        .computeIfAbsent(name, _ -> HistogramSnapshot.builder().name(name).help(help))
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .labels(Labels.of(labels))
                .classicHistogramBuckets(buckets.build())
                .sum(sum)
                .build());
  }

  /// True the first time that it is asked for `key`.
  boolean first(String key) {
    return seen.add(key);
  }

  private Map<Labels, Double> points(String name, String help, boolean counter) {
    return families
        .computeIfAbsent(name, _ -> new Family(counter, help, new LinkedHashMap<>()))
        .points();
  }

  MetricSnapshots snapshots() {
    List<MetricSnapshot> snapshots = new ArrayList<>();
    families.forEach(
        (name, family) ->
            snapshots.add(family.counter() ? counter(name, family) : gauge(name, family)));
    histograms.values().forEach(histogram -> snapshots.add(histogram.build()));
    return new MetricSnapshots(snapshots);
  }

  private static CounterSnapshot counter(String name, Family family) {
    CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(family.help());
    family
        .points()
        .forEach(
            (labels, value) ->
                builder.dataPoint(
                    CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return builder.build();
  }

  private static GaugeSnapshot gauge(String name, Family family) {
    GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(family.help());
    family
        .points()
        .forEach(
            (labels, value) ->
                builder.dataPoint(
                    GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return builder.build();
  }
}
