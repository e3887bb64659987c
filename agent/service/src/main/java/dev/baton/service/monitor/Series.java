package dev.baton.service.monitor;

import java.util.Arrays;

/// One figure over the last hour, a value a second. Confined to its owner.
final class Series {
  static final int SECONDS = 3_600;

  private final double[] values = new double[SECONDS];
  private long last = Long.MIN_VALUE;

  Series() {
    Arrays.fill(values, Double.NaN);
  }

  /// @param second since 1970; not before the last one
  void put(long second, double value) {
    if (last != Long.MIN_VALUE && second < last) {
      return; // the clock was set back: what is known of that time stays
    }
    for (long missing = Math.max(last + 1, second - SECONDS + 1); missing < second; missing++) {
      values[index(missing)] = Double.NaN;
    }
    values[index(second)] = value;
    last = second;
  }

  /// NaN where nothing was measured.
  double at(long second) {
    boolean known = second <= last && second > last - SECONDS;
    return known ? values[index(second)] : Double.NaN;
  }

  private static int index(long second) {
    return Math.floorMod(second, SECONDS);
  }

  /// Mean of a span of seconds; NaN when nothing was measured in it.
  ///
  /// @param until not included
  double mean(long from, long until) {
    double sum = 0;
    int known = 0;
    for (long second = from; second < until; second++) {
      double value = at(second);
      if (!Double.isNaN(value)) {
        sum += value;
        known++;
      }
    }
    return known == 0 ? Double.NaN : sum / known;
  }
}
