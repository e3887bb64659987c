package dev.baton.lab.load;

import org.HdrHistogram.Histogram;

/// How long one client's requests were outstanding. Written by its client; the longest may be read
/// at any time, the rest when the client has ended.
public final class Stalls {
  private static final long MAX_MICROS = 600_000_000L;

  private final Histogram micros = new Histogram(MAX_MICROS, 3);
  private volatile long askedAtNanos;
  private volatile boolean outstanding;
  private volatile long longestMicros;

  void asked(long nowNanos) {
    askedAtNanos = nowNanos;
    outstanding = true;
  }

  void answered(long nowNanos) {
    outstanding = false;
    long passed = Math.clamp((nowNanos - askedAtNanos) / 1_000, 0, MAX_MICROS);
    micros.recordValue(passed);
    if (passed > longestMicros) {
      longestMicros = passed;
    }
  }

  /// Longest time that a request was outstanding, one that still is included.
  public double longestMillis(long nowNanos) {
    long current = outstanding ? (nowNanos - askedAtNanos) / 1_000 : 0;
    return Math.max(longestMicros, current) / 1_000.0;
  }

  /// Every request's time, in microseconds.
  public Histogram micros() {
    return micros;
  }
}
