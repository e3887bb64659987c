package dev.baton.service.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Figures as people read them, with their units.
final class Figures {
  static final String UNKNOWN = "?";

  private static final String[] SIZES = {"KiB", "MiB", "GiB", "TiB"};

  /// What is older than this when it is shown gets its age along with it.
  private static final Duration FRESH = Duration.ofSeconds(5);

  private Figures() {}

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String bytes(long bytes) {
    if (Math.abs(bytes) < 10_240) {
      return count(bytes) + " B";
    }
    double size = bytes;
    int unit = -1;
    while (Math.abs(size) >= 1024 && unit < SIZES.length - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%,.1f %s", size, SIZES[unit]);
  }

  static String bytes(@Nullable Long bytes) {
    return bytes == null ? UNKNOWN : bytes(bytes.longValue());
  }

  static String millis(@Nullable Double millis) {
    if (millis == null) {
      return UNKNOWN;
    }
    if (millis < 10_000) {
      return String.format(Locale.ROOT, millis < 100 ? "%.1f ms" : "%,.0f ms", millis);
    }
    return age(Duration.ofMillis(Math.round(millis)));
  }

  static String percent(double percent) {
    return String.format(Locale.ROOT, "%.0f %%", percent);
  }

  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }

  /// ` (12 s old)` when it is, else nothing.
  static String staleness(Instant measuredAt, Instant now) {
    Duration age = Duration.between(measuredAt, now);
    return age.compareTo(FRESH) > 0 ? " (" + age(age) + " old)" : "";
  }

  static String printable(String foreign) {
    StringBuilder clean = new StringBuilder(foreign.length());
    foreign
        .codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
