package dev.baton.engine.postgres.replication;

import dev.baton.model.LogPosition;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a standby's receiver asks of its primary.
sealed interface RelayCommand {
  Pattern START =
      Pattern.compile(
          "START_REPLICATION(?: SLOT \"?\\w+\"?)?(?: PHYSICAL)? ([0-9A-F]+/[0-9A-F]+)"
              + "(?: TIMELINE ([0-9]{1,10}))?");
  Pattern HISTORY = Pattern.compile("TIMELINE_HISTORY ([0-9]{1,10})");

  record IdentifySystem() implements RelayCommand {}

  record TimelineHistoryOf(long timeline) implements RelayCommand {}

  /// @param timeline 0: the newest
  record StartReplication(LogPosition from, long timeline) implements RelayCommand {}

  /// Empty for any other command.
  static Optional<RelayCommand> parse(String text) {
    String command = text.strip().replaceAll("\\s*;$", "").replaceAll("\\s+", " ");
    if (command.toUpperCase(Locale.ROOT).equals("IDENTIFY_SYSTEM")) {
      return Optional.of(new IdentifySystem());
    }
    Matcher history = HISTORY.matcher(command);
    if (history.matches()) {
      return Optional.of(new TimelineHistoryOf(Long.parseLong(history.group(1))));
    }
    Matcher start = START.matcher(command);
    if (!start.matches()) {
      return Optional.empty();
    }
    try {
      long timeline = start.group(2) == null ? 0 : Long.parseLong(start.group(2));
      return Optional.of(new StartReplication(LogPosition.parse(start.group(1)), timeline));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // digits that make no position
    }
  }
}
