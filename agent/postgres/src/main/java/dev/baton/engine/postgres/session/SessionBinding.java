package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Feature;
import dev.baton.engine.postgres.session.Script.Statement;
import dev.baton.engine.postgres.session.SqlTokens.Token;
import dev.baton.model.Movability;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What binds a session to its own backend, as far as texts tell: temporary tables and cursors by
/// their names, so that the session is movable again when the last one is gone.
final class SessionBinding {
  /// Something temporary that is not a table, or whose name the text does not show.
  private static final String NAMELESS = "";

  private final EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
  private final Set<String> temporary = new LinkedHashSet<>();
  private final Set<String> cursors = new LinkedHashSet<>();

  SessionBinding copy() {
    SessionBinding copy = new SessionBinding();
    copy.features.addAll(features);
    copy.temporary.addAll(temporary);
    copy.cursors.addAll(cursors);
    return copy;
  }

  /// A lock of the session outlives a ROLLBACK of the transaction that took it.
  void keepLocksOf(SessionBinding other) {
    if (other.features.contains(Feature.ADVISORY_LOCK)) {
      features.add(Feature.ADVISORY_LOCK);
    }
  }

  boolean hasLocks() {
    return features.contains(Feature.ADVISORY_LOCK);
  }

  /// A statement succeeded.
  ///
  /// @param inTransaction true in a block, whose end drops what is `ON COMMIT DROP`
  void ran(String sql, Statement statement, boolean inTransaction) {
    for (Feature feature : statement.features()) {
      switch (feature) {
        case TEMPORARY -> created(SqlTokens.of(sql, false), inTransaction);
        case HOLD -> cursors.add(name(SqlTokens.of(sql, false), 1));
        case ADVISORY_LOCK -> features.add(feature);
        case SET_CONFIG -> {
          if (!ConfigCall.allLocal(sql)) {
            features.add(feature);
          }
        }
        case CHAIN, GENERATED -> {
          // says nothing of the session
        }
      }
    }
    if (statement.startsWith("DROP", "TABLE")) {
      dropped(SqlTokens.of(sql, false));
    } else if (statement.startsWith("CLOSE", "ALL")) {
      cursors.clear();
    } else if (statement.startsWith("CLOSE")) {
      cursors.remove(name(SqlTokens.of(sql, false), 1));
    } else if (sql.toLowerCase(Locale.ROOT).contains("pg_advisory_unlock_all")) {
      features.remove(Feature.ADVISORY_LOCK);
    }
  }

  /// `set_config` with a name and a value that are known is no tie.
  void configKnown() {
    features.remove(Feature.SET_CONFIG);
  }

  boolean hasUnknownConfig() {
    return features.contains(Feature.SET_CONFIG);
  }

  void discardTemporary() {
    temporary.clear();
  }

  void discardAll() {
    features.clear();
    temporary.clear();
    cursors.clear();
  }

  private void created(List<Token> tokens, boolean inTransaction) {
    int size = tokens.size();
    boolean dropsAtCommit =
        size > 3
            && contains(tokens, "commit")
            && tokens.stream().anyMatch(token -> token.is("on"))
            && contains(tokens, "drop");
    if (dropsAtCommit && inTransaction) {
      return;
    }
    int table = indexOf(tokens, "table");
    if (table < 0 || table > 3) {
      temporary.add(NAMELESS);
      return;
    }
    int at = table + 1;
    if (at + 2 < size && tokens.get(at).is("if")) {
      at += 3;
    }
    temporary.add(qualified(tokens, at));
  }

  private static boolean contains(List<Token> tokens, String word) {
    return indexOf(tokens, word) >= 0;
  }

  private static int indexOf(List<Token> tokens, String word) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).is(word)) {
        return i;
      }
    }
    return -1;
  }

  private void dropped(List<Token> tokens) {
    int at = 2;
    if (at + 1 < tokens.size() && tokens.get(at).is("if")) {
      at += 2;
    }
    for (; at < tokens.size() && tokens.get(at).isName(); at += 2) {
      boolean qualified = at + 1 < tokens.size() && tokens.get(at + 1).is('.');
      boolean elsewhere = qualified && !tokens.get(at).name().startsWith("pg_temp");
      String name = qualified(tokens, at);
      while (at + 1 < tokens.size() && tokens.get(at + 1).is('.')) {
        at += 2;
      }
      if (!elsewhere) {
        temporary.remove(name);
      }
    }
  }

  /// The last part of a name, whatever schema it is in.
  private static String qualified(List<Token> tokens, int at) {
    int last = at;
    while (last + 2 < tokens.size() && tokens.get(last + 1).is('.')) {
      last += 2;
    }
    return name(tokens, last);
  }

  private static String name(List<Token> tokens, int at) {
    return at < tokens.size() && tokens.get(at).isName() ? tokens.get(at).name() : NAMELESS;
  }

  Movability movability() {
    if (!temporary.isEmpty()) {
      return Movability.not(
          "it has temporary tables, which exist on its own backend only",
          "drop them or DISCARD TEMP when they are needed no more, create them ON COMMIT DROP in a"
              + " transaction, or use unlogged tables");
    }
    if (hasLocks()) {
      return Movability.not(
          "it may hold session-level advisory locks",
          "use pg_advisory_xact_lock, or pg_advisory_unlock_all() or DISCARD ALL after use");
    }
    if (!cursors.isEmpty()) {
      return Movability.not(
          "it has a cursor WITH HOLD, whose rows lie on its own backend",
          "CLOSE it after use, or read within a transaction");
    }
    if (hasUnknownConfig()) {
      return Movability.not(
          "it called set_config() in a way that does not show which parameter got which value",
          "use SET, SELECT set_config('name', value, false) alone, or set_config(…, true) within"
              + " transactions");
    }
    return Movability.MOVABLE;
  }
}
