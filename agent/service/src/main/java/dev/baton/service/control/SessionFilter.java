package dev.baton.service.control;

import dev.baton.model.view.SessionView;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which sessions `GET /v1/sessions` shows. Texts are compared whole, apart from `client`, whose
/// beginning counts, since nobody asks for a port.
final class SessionFilter {
  static final String[] PARAMETERS = {
    "service",
    "front",
    "home",
    "user",
    "database",
    "application",
    "client",
    "state",
    "movable",
    "limit"
  };
  static final int DEFAULT_LIMIT = 1_000;
  static final int MAX_LIMIT = 100_000;

  private final Map<String, String> query;
  private final int limit;

  /// @throws Refused for a value that is none
  SessionFilter(Map<String, String> query) {
    this.query = query;
    this.limit = limit(query, DEFAULT_LIMIT, MAX_LIMIT);
    String movable = query.get("movable");
    if (movable != null && !movable.equals("true") && !movable.equals("false")) {
      throw Refused.malformed("query parameter 'movable' must be true or false");
    }
  }

  static int limit(Map<String, String> query, int otherwise, int max) {
    return number(query, "limit", otherwise, max);
  }

  /// @throws Refused for a value that is no number from 1 to `max`
  static int number(Map<String, String> query, String name, int otherwise, int max) {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    throw Refused.malformed(
        "query parameter '%s' must be a number from 1 to %d".formatted(name, max));
  }

  /// All that match; `limit` is for what is sent.
  List<SessionView> matching(List<SessionView> sessions) {
    return sessions.stream().filter(this::matches).toList();
  }

  int limit() {
    return limit;
  }

  private boolean matches(SessionView session) {
    return is("service", session.service())
        && is("front", session.front())
        && is("home", session.home())
        && is("user", session.user())
        && is("database", session.database())
        && is("application", session.application())
        && is("state", session.state())
        && is("movable", Boolean.toString(session.movability().movable()))
        && session.client().startsWith(query.getOrDefault("client", ""));
  }

  private boolean is(String parameter, String value) {
    String wanted = query.get(parameter);
    return wanted == null || wanted.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
  }
}
