package dev.baton.engine.postgres.replication;

import dev.baton.model.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How a timeline came out of earlier ones: each promotion begins a new timeline where the former
/// home's log was left.
///
/// @param timeline the newest one
/// @param ends where each earlier timeline on the way to it was left
record TimelineHistory(long timeline, List<End> ends) {
  TimelineHistory {
    ends = List.copyOf(ends);
  }

  record End(long timeline, LogPosition end) {}

  static TimelineHistory first() {
    return new TimelineHistory(1, List.of());
  }

  /// Reads a history file: lines of timeline, position, reason; `#` begins a comment.
  static TimelineHistory parse(long timeline, String content) throws IOException {
    List<End> ends = new ArrayList<>();
    for (String line : content.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split("\\s+", 3);
      try {
        End end = new End(Long.parseLong(fields[0]), LogPosition.parse(fields[1]));
        boolean rises = ends.isEmpty() || ends.getLast().timeline() < end.timeline();
        if (!rises || end.timeline() >= timeline) {
          throw new IOException("history of timeline " + timeline + " is out of order: " + line);
        }
        ends.add(end);
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(
            "history of timeline " + timeline + " has a strange line: " + line, e);
      }
    }
    return new TimelineHistory(timeline, ends);
  }

  /// The timeline that the byte at `position` belongs to.
  long timelineAt(LogPosition position) {
    return ends.stream()
        .filter(end -> position.isBefore(end.end()))
        .mapToLong(End::timeline)
        .findFirst()
        .orElse(timeline);
  }

  /// Where `earlier` was left; empty when it is not on the way to this one, or is this one.
  Optional<LogPosition> endOf(long earlier) {
    return ends.stream().filter(end -> end.timeline() == earlier).map(End::end).findFirst();
  }

  /// The timeline that followed `earlier` on the way to this one.
  long after(long earlier) {
    return ends.stream()
        .mapToLong(End::timeline)
        .filter(each -> each > earlier)
        .findFirst()
        .orElse(timeline);
  }

  /// Every timeline on the way whose history file can exist, oldest first: the first has none.
  List<Long> withFiles() {
    Map<Long, Boolean> all = new TreeMap<>();
    ends.forEach(end -> all.put(end.timeline(), true));
    all.put(timeline, true);
    return all.keySet().stream().filter(each -> each > 1).toList();
  }

  static String fileName(long timeline) {
    return "%08X.history".formatted(timeline);
  }
}
