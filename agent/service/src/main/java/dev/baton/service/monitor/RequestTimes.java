package dev.baton.service.monitor;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/// How long requests took since the agent began, in buckets as Prometheus wants them. Added to by
/// one thread, read by any.
public final class RequestTimes {
  /// Upper bounds in seconds: from a read on the loopback to what no client waits for.
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  private static final double MICROS = 1e6;

  private final String service;
  private final long[] counts = new long[BOUNDS.length + 1];
  private double sumSeconds;

  RequestTimes(String service) {
    this.service = service;
  }

  /// @param counts of each bucket, not summed up; one more than bounds, for what is beyond
  @SuppressWarnings("ArrayRecordComponent") // copies, never compared
  public record Snapshot(String service, double[] bounds, long[] counts, double sumSeconds) {}

  /// @param micros of requests
  synchronized void add(Histogram micros) {
    micros
        .recordedValues()
        .forEach(
            value -> {
              double seconds = value.getValueIteratedTo() / MICROS;
              int bucket = 0;
              while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
                bucket++;
              }
              counts[bucket] += value.getCountAddedInThisIterationStep();
              sumSeconds += seconds * value.getCountAddedInThisIterationStep();
            });
  }

  public synchronized Snapshot snapshot() {
    return new Snapshot(
        service,
        Arrays.copyOf(BOUNDS, BOUNDS.length),
        Arrays.copyOf(counts, counts.length),
        sumSeconds);
  }
}
