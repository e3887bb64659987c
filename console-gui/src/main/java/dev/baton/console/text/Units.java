package dev.baton.console.text;

import java.util.Locale;

/// How quantities are written: short, with their unit, never with more digits than matter.
public final class Units {
  private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB", "PB"};
  private static final double KILO = 1_000;

  private Units() {}

  public static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /// `0 B`, `999 B`, `1.2 kB`, `123 MB`; powers of 1000.
  public static String bytes(double bytes) {
    double value = Math.abs(bytes);
    int unit = 0;
    while (value >= KILO - 0.5 && unit < BYTES.length - 1) {
      value /= KILO;
      unit++;
    }
    String sign = bytes < 0 ? "-" : "";
    return sign
        + (unit == 0 ? String.format(Locale.ROOT, "%.0f", value) : digits(value))
        + " "
        + BYTES[unit];
  }

  /// `0 ms`, `0.4 ms`, `12 ms`, `1.5 s`, `3 min 20 s`, `2 h 5 min`.
  public static String millis(double millis) {
    if (millis == 0) {
      return "0 ms";
    }
    if (millis < 9.95) {
      return String.format(Locale.ROOT, "%.1f ms", millis);
    }
    if (millis < KILO) {
      return Math.round(millis) + " ms";
    }
    if (millis < 60 * KILO) {
      return digits(millis / KILO) + " s";
    }
    long seconds = Math.round(millis / KILO);
    return seconds < 3600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
  }

  /// Age of a value: whole seconds from one on.
  public static String age(long millis) {
    return millis < KILO ? "< 1 s" : millis((double) (millis - millis % 1000)).replace(".0", "");
  }

  /// `12 345`, thin spaces between thousands, the same in every locale.
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', '\u202f');
  }

  /// `12 %`.
  public static String percent(double percent) {
    return Math.round(percent) + " %";
  }

  public static String perSecond(double rate) {
    return rate == 0
        ? "0/s"
        : rate < 10 ? String.format(Locale.ROOT, "%.1f/s", rate) : count(Math.round(rate)) + "/s";
  }

  /// `1.2 MB/s`.
  public static String bytesPerSecond(double rate) {
    return bytes(rate) + "/s";
  }

  /// A count at an axis.
  public static String whole(double count) {
    return count == Math.rint(count) ? count((long) count) : digits(count);
  }

  private static String digits(double value) {
    return String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%.0f", value);
  }
}
