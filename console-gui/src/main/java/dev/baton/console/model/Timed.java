package dev.baton.console.model;

import java.time.Instant;

/// A value and when it was measured, on the console's own clock: the time on its way through the
/// agents (sent minus measured, both on agents' clocks) taken off the time of its arrival. So the
/// console's clock may differ from the agents'.
///
/// @param measuredMillis on the console's clock
public record Timed<T>(T value, long measuredMillis) {
  /// Older than this, a value is stale: shown faded, and no action runs on it. Agents measure every
  /// second at the latest.
  public static final long STALE_AFTER_MILLIS = 4_000;

  public static <T> Timed<T> of(T value, Instant measuredAt, Instant sentAt, long arrivedMillis) {
    long underWay = Math.max(0, sentAt.toEpochMilli() - measuredAt.toEpochMilli());
    return new Timed<>(value, arrivedMillis - underWay);
  }

  public long ageMillis(long nowMillis) {
    return Math.max(0, nowMillis - measuredMillis);
  }

  public boolean isStale(long nowMillis) {
    return ageMillis(nowMillis) > STALE_AFTER_MILLIS;
  }
}
