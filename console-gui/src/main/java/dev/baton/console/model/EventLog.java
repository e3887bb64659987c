package dev.baton.console.model;

import java.util.ArrayList;
import java.util.List;

/// What happened, as the console saw it happen, oldest first; bounded, the oldest are forgotten.
public final class EventLog {
  static final int MAX_EVENTS = 2_000;

  private final List<Event> events = new ArrayList<>();

  /// @param atMillis when the console learnt of it, on its own clock
  /// @param subject what it happened to: a service, a host, a move, the connection
  public record Event(
      long atMillis, Severity severity, String cluster, String subject, String text) {}

  void add(Event event) {
    events.add(event);
    if (events.size() > MAX_EVENTS) {
      events.subList(0, events.size() - MAX_EVENTS).clear();
    }
  }

  /// Those up to a time.
  List<Event> until(long millis) {
    int end = events.size();
    while (end > 0 && events.get(end - 1).atMillis() > millis) {
      end--;
    }
    return List.copyOf(events.subList(0, end));
  }

  int size() {
    return events.size();
  }
}
