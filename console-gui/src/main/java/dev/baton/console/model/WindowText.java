package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.model.MovePolicy.Window;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Hours in which moves may begin, as one types them: `sat,sun 22:00-04:00 Europe/Berlin`, several
/// parted by `;`, without days for every day, without a zone for this machine's.
final class WindowText {
  private static final int DAY_LETTERS = 3;

  private WindowText() {}

  static String of(List<Window> windows) {
    return windows.stream().map(WindowText::of).collect(Collectors.joining("; "));
  }

  private static String of(Window window) {
    String days =
        new TreeSet<>(window.days())
            .stream().map(WindowText::name).collect(Collectors.joining(","));
    return (days.isEmpty() ? "" : days + " ")
        + window.from()
        + "-"
        + window.to()
        + " "
        + window.zone().getId();
  }

  private static String name(DayOfWeek day) {
    return day.name().substring(0, DAY_LETTERS).toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException saying what is not understood
  static List<Window> parse(String text) {
    List<Window> windows = new ArrayList<>();
    for (String each : text.split(";")) {
      if (!each.isBlank()) {
        windows.add(window(each.strip()));
      }
    }
    return windows;
  }

  private static Window window(String text) {
    String[] words = text.split("\\s+");
    int hours = words[0].contains(":") ? 0 : 1;
    if (words.length <= hours || words.length > hours + 2) {
      throw wrong(text);
    }
    String[] ends = words[hours].split("-");
    if (ends.length != 2) {
      throw wrong(text);
    }
    try {
      return new Window(
          hours == 0 ? Set.of() : days(words[0]),
          LocalTime.parse(ends[0]),
          LocalTime.parse(ends[1]),
          words.length > hours + 1 ? ZoneId.of(words[hours + 1]) : ZoneId.systemDefault());
    } catch (DateTimeException e) {
      throw wrong(text);
    }
  }

  private static Set<DayOfWeek> days(String text) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String word : text.toLowerCase(Locale.ROOT).split(",")) {
      boolean known = false;
      for (DayOfWeek day : DayOfWeek.values()) {
        if (name(day).equals(word)) {
          known = days.add(day) || known;
        }
      }
      if (!known) {
        throw wrong(text);
      }
    }
    return days;
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(Text.POLICY_WINDOW_WRONG.of(text));
  }
}
