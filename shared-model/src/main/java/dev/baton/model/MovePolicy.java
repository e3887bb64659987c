package dev.baton.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// When a service is moved because of load, configuration, maintenance or preference: needs that
/// can wait. A database that is gone is another matter, and not asked about here.
///
/// @param version rises with each change; of two the higher counts
/// @param mode what follows from a need
/// @param highPercent a host is loaded from here on, 1 to 100; both processor and memory count
/// @param lowPercent it is no longer loaded below this, less than `highPercent`: the gap keeps a
///   load that swings around one mark from being told again and again
/// @param sustainSeconds for which a need must last before it counts, and its end too
/// @param minGainPercent by which the busier of both hosts must become less busy, in points
/// @param minSecondsBetweenMoves of the service, whatever moved it
/// @param maxLagBytes beyond which a standby is no target
/// @param maxRiskSeconds age of the oldest log that a standby's memory may lack
/// @param preferred hosts, the first first; empty: none is better than another
/// @param windows in which moves may begin; empty: at any time
public record MovePolicy(
    long version,
    Mode mode,
    double highPercent,
    double lowPercent,
    long sustainSeconds,
    double minGainPercent,
    long minSecondsBetweenMoves,
    long maxLagBytes,
    double maxRiskSeconds,
    List<String> preferred,
    List<Window> windows) {

  /// Says what it would do; a move for load is for a DBA to switch on.
  public static final MovePolicy DEFAULT =
      new MovePolicy(0, Mode.OBSERVE, 85, 60, 60, 15, 600, 16L << 20, 1, List.of(), List.of());

  public enum Mode {
    /// Needs are not even looked for.
    MANUAL,
    /// What would be done is said and recorded.
    OBSERVE,
    /// It is done.
    AUTOMATIC;

    /// @throws IllegalArgumentException naming the modes when the text is none of them
    @JsonCreator
    public static Mode parse(String text) {
      for (Mode mode : values()) {
        if (mode.toString().equals(text.toLowerCase(Locale.ROOT))) {
          return mode;
        }
      }
      throw new IllegalArgumentException(
          "unknown mode '" + text + "': manual, observe or automatic");
    }

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Hours of some days of the week. One that ends before it begins ends on the next day.
  ///
  /// @param days on which it begins; empty: every day
  public record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    public Window {
      days = Set.copyOf(days);
    }

    public boolean contains(ZonedDateTime moment) {
      ZonedDateTime here = moment.withZoneSameInstant(zone);
      LocalTime time = here.toLocalTime();
      if (from.isBefore(to)) {
        return beginsOn(here.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(to);
      }
      return (beginsOn(here.getDayOfWeek()) && !time.isBefore(from))
          || (beginsOn(here.getDayOfWeek().minus(1)) && time.isBefore(to));
    }

    private boolean beginsOn(DayOfWeek day) {
      return days.isEmpty() || days.contains(day);
    }
  }

  /// @throws IllegalArgumentException saying which value is out of its bounds
  public MovePolicy {
    preferred = List.copyOf(preferred);
    windows = List.copyOf(windows);
    check(version >= 0, "version must not be negative");
    check(highPercent >= 1 && highPercent <= 100, "highPercent must be 1 to 100");
    check(
        lowPercent >= 0 && lowPercent < highPercent,
        "lowPercent must be 0 or more and below highPercent");
    check(sustainSeconds >= 0, "sustainSeconds must not be negative");
    check(minGainPercent >= 1 && minGainPercent <= 100, "minGainPercent must be 1 to 100");
    check(minSecondsBetweenMoves >= 0, "minSecondsBetweenMoves must not be negative");
    check(maxLagBytes >= 0, "maxLagBytes must not be negative");
    check(maxRiskSeconds >= 0, "maxRiskSeconds must not be negative");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /// True when moves may begin at that moment.
  public boolean isOpen(ZonedDateTime moment) {
    return windows.isEmpty() || windows.stream().anyMatch(window -> window.contains(moment));
  }
}
