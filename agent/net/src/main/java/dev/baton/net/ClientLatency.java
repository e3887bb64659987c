package dev.baton.net;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/// How long the clients of one front wait for their answers, held or not. Recording is wait-free
/// and may be done by any event loop.
public final class ClientLatency {
  /// Longer ones are counted as this long.
  private static final long MAX_MICROS = TimeUnit.HOURS.toMicros(1);

  /// Two digits: a percentile is at most 1 % off.
  private static final int DIGITS = 2;

  private final Recorder recorder = new Recorder(MAX_MICROS, DIGITS);

  /// @param nanos from the first message of a request until its answer was complete
  public void record(long nanos) {
    recorder.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, MAX_MICROS));
  }

  /// What was recorded since it was last asked, in microseconds. For one asker, who may use it
  /// until asking again.
  ///
  /// @param before what was answered before, to be used again; null: nothing
  public Histogram sinceLast(@Nullable Histogram before) {
    return recorder.getIntervalHistogram(before);
  }
}
