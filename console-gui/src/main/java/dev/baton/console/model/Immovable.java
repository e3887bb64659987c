package dev.baton.console.model;

import dev.baton.model.view.SessionView;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A reason for which sessions cannot be moved, and how many it holds back.
public record Immovable(String reason, String remedy, long sessions) {
  /// One for each reason, that of the most sessions first.
  public static List<Immovable> of(List<SessionView> sessions) {
    Map<String, Immovable> byReason = new TreeMap<>();
    for (SessionView session : sessions) {
      if (!session.movability().movable()) {
        String reason = Objects.requireNonNullElse(session.movability().reason(), "");
        String remedy = Objects.requireNonNullElse(session.movability().remedy(), "");
        byReason.merge(
            reason + "\n" + remedy,
            new Immovable(reason, remedy, 1),
            (one, other) -> new Immovable(reason, remedy, one.sessions() + other.sessions()));
      }
    }
    return byReason.values().stream()
        .sorted(Comparator.comparingLong(Immovable::sessions).reversed())
        .toList();
  }
}
