package dev.baton.console.chart;

import java.util.Arrays;

/// The smallest and largest sample that falls into each pixel column of a chart; NaN where none
/// does. A spike of one sample stays visible however wide the time shown is.
public final class Columns {
  private final double[] low;
  private final double[] high;
  private final double max;

  private Columns(double[] low, double[] high, double max) {
    this.low = low;
    this.high = high;
    this.max = max;
  }

  /// @param fromMillis time at the left edge
  /// @param toMillis time at the right edge, exclusive
  public static Columns of(Series series, long fromMillis, long toMillis, int width) {
    double[] low = new double[width];
    double[] high = new double[width];
    Arrays.fill(low, Double.NaN);
    Arrays.fill(high, Double.NaN);
    double max = 0;
    long span = Math.max(1, toMillis - fromMillis);
    for (int i = series.firstAtOrAfter(fromMillis); i < series.size(); i++) {
      long time = series.time(i);
      if (time >= toMillis) {
        break;
      }
      int column = (int) ((time - fromMillis) * width / span);
      double value = series.value(i);
      low[column] = Double.isNaN(low[column]) ? value : Math.min(low[column], value);
      high[column] = Double.isNaN(high[column]) ? value : Math.max(high[column], value);
      max = Math.max(max, value);
    }
    return new Columns(low, high, max);
  }

  public int width() {
    return low.length;
  }

  public double low(int column) {
    return low[column];
  }

  public double high(int column) {
    return high[column];
  }

  /// Largest over all columns; 0 when there is no sample.
  public double max() {
    return max;
  }
}
