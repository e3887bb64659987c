package dev.baton.console.chart;

/// Samples over time in a ring of fixed size: the oldest is overwritten when it is full. Samples
/// that come quicker than the ring is made for are one sample with the largest value, so that an
/// hour fits and no spike is lost. Times must not fall; a sample older than the last one is
/// dropped. Not thread-safe.
public final class Series {
  private final long[] times;
  private final double[] values;
  private final long stepMillis;
  private int head;
  private int size;

  /// One sample a second for an hour.
  public static Series hour() {
    return new Series(3_600, 1_000);
  }

  /// Keeps every sample.
  ///
  /// @param capacity most samples kept
  public Series(int capacity) {
    this(capacity, 0);
  }

  /// @param capacity most samples kept
  /// @param stepMillis of samples that fall into one such step, the largest is kept
  public Series(int capacity, long stepMillis) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a series needs room for one sample, not " + capacity);
    }
    times = new long[capacity];
    values = new double[capacity];
    this.stepMillis = stepMillis;
  }

  public void add(long timeMillis, double value) {
    if (size > 0 && timeMillis < time(size - 1)) {
      return;
    }
    if (size > 0 && stepMillis > 0 && timeMillis / stepMillis == time(size - 1) / stepMillis) {
      int last = at(size - 1);
      values[last] = Math.max(values[last], value);
      return;
    }
    int at = (head + size) % times.length;
    times[at] = timeMillis;
    values[at] = value;
    if (size < times.length) {
      size++;
    } else {
      head = (head + 1) % times.length;
    }
  }

  public int size() {
    return size;
  }

  /// @param index 0 is the oldest sample kept
  public long time(int index) {
    return times[at(index)];
  }

  public double value(int index) {
    return values[at(index)];
  }

  /// Of the newest sample; the beginning of time when there is none.
  public long newestMillis() {
    return size == 0 ? Long.MIN_VALUE : time(size - 1);
  }

  public double last() {
    return size == 0 ? Double.NaN : value(size - 1);
  }

  /// The newest value at or before a time; NaN when there is none, or only one older than that.
  ///
  /// @param mostMillis age that a value may have
  public double lastAt(long timeMillis, long mostMillis) {
    int after = firstAtOrAfter(timeMillis + 1);
    return after == 0 || time(after - 1) < timeMillis - mostMillis ? Double.NaN : value(after - 1);
  }

  /// Index of the first sample at or after a time; [#size] when there is none.
  int firstAtOrAfter(long timeMillis) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (time(middle) < timeMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int at(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return (head + index) % times.length;
  }
}
