package dev.baton.console.chart;

/// The end of an axis: the next of 1, 2, 5 times a power of ten.
final class NiceScale {
  private NiceScale() {}

  /// @param atLeast below it the axis does not shrink, so that noise around zero stays small
  static double top(double max, double atLeast) {
    double wanted = Math.max(max, atLeast);
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    for (double step : new double[] {1, 2, 5, 10}) {
      if (step * power >= wanted) {
        return step * power;
      }
    }
    return 10 * power;
  }
}
