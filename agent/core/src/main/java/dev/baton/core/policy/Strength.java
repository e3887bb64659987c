package dev.baton.core.policy;

import dev.baton.core.policy.HostFacts.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One host's hardware and software beside another's.
///
/// @param weaker what the first has noticeably less of, with both figures
/// @param stronger what it has noticeably more of
record Strength(List<String> weaker, List<String> stronger) {
  /// Less than four fifths is noticeably less: kernels and firmware keep a little for themselves.
  private static final double NOTICEABLE = 0.8;

  static final Strength UNKNOWN = new Strength(List.of(), List.of());

  Strength {
    weaker = List.copyOf(weaker);
    stronger = List.copyOf(stronger);
  }

  static Strength of(@Nullable Configuration first, @Nullable Configuration second) {
    if (first == null || second == null) {
      return UNKNOWN;
    }
    List<String> weaker = new ArrayList<>();
    List<String> stronger = new ArrayList<>();
    compare(first.cores(), second.cores(), "%.0f cores against %.0f", weaker, stronger);
    compare(
        gibibytes(first.memoryBytes()),
        gibibytes(second.memoryBytes()),
        "%.1f GiB of memory against %.1f",
        weaker,
        stronger);
    int version = version(first.databaseVersion(), second.databaseVersion());
    if (version != 0) {
      (version < 0 ? weaker : stronger)
          .add(
              "database version %s against %s"
                  .formatted(first.databaseVersion(), second.databaseVersion()));
    }
    return new Strength(weaker, stronger);
  }

  /// True when the first has less of something, and more of nothing.
  boolean isWorse() {
    return !weaker.isEmpty() && stronger.isEmpty();
  }

  private static void compare(
      double first, double second, String text, List<String> weaker, List<String> stronger) {
    if (first < NOTICEABLE * second) {
      weaker.add(String.format(Locale.ROOT, text, first, second));
    } else if (second < NOTICEABLE * first) {
      stronger.add(String.format(Locale.ROOT, text, first, second));
    }
  }

  private static double gibibytes(long bytes) {
    return bytes / (double) (1L << 30);
  }

  /// By the numbers in them; what is not told (an instance that is down) is equal to everything.
  private static int version(String first, String second) {
    String[] left = numbers(first);
    String[] right = numbers(second);
    for (int place = 0; place < Math.min(left.length, right.length); place++) {
      int order = Integer.compare(Integer.parseInt(left[place]), Integer.parseInt(right[place]));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static String[] numbers(String version) {
    String bare = version.replaceFirst("^\\D+", "").replaceFirst("[^0-9.].*$", "");
    return bare.matches("\\d{1,9}(\\.\\d{1,9})*") ? bare.split("\\.", -1) : new String[0];
  }
}
