package dev.baton.console.chart;

/// Samples over time in a ring of fixed size: the oldest is overwritten when it is full. Times must
/// not fall; a sample older than the last one is dropped. Not thread-safe.
public final class Series {
  private final long[] times;
  private final double[] values;
  private int head;
  private int size;

  /// @param capacity most samples kept
  public Series(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a series needs room for one sample, not " + capacity);
    }
    times = new long[capacity];
    values = new double[capacity];
  }

  public void add(long timeMillis, double value) {
    if (size > 0 && timeMillis < time(size - 1)) {
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

  public double last() {
    return size == 0 ? Double.NaN : value(size - 1);
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
