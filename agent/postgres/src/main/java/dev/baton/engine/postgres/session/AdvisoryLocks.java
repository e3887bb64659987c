package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SessionInventory.LockKey;
import dev.baton.engine.postgres.session.SqlTokens.Token;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The session-level advisory locks that a session holds, and how often it holds each. The server
/// lists which, but not how often, so the calls that texts show are counted between two lists.
final class AdvisoryLocks {
  /// A boolean false, as text and in binary.
  private static final Set<String> FALSE = Set.of("f", "\0");

  private final Map<LockKey, Integer> held = new TreeMap<>();
  private boolean counted = true;

  // since the last list
  private int taken;
  private int released;
  private boolean unclear;

  /// @param text of a statement that calls functions of advisory locks, and succeeded
  /// @param shown first value of its last row; null when not known
  void called(String text, @Nullable String shown) {
    List<Token> tokens = SqlTokens.of(text, false);
    int takes = 0;
    int releases = 0;
    boolean once = tokens.getFirst().is("select");
    for (Token token : tokens) {
      String word = token.name();
      once &= !token.is("from");
      if (word.equals("pg_advisory_unlock") || word.equals("pg_advisory_unlock_shared")) {
        releases++;
      } else if (word.equals("pg_advisory_unlock_all")) {
        once = false;
      } else if (isTaking(word)) {
        takes++;
      }
    }
    if (!once || takes + releases != 1) {
      unclear = true;
    } else if ((shown == null || !FALSE.contains(shown))) {
      taken += takes;
      released += releases;
    }
  }

  static boolean isTaking(String word) {
    return switch (word) {
      case "pg_advisory_lock",
          "pg_advisory_lock_shared",
          "pg_try_advisory_lock",
          "pg_try_advisory_lock_shared" ->
          true;
      default -> false;
    };
  }

  /// True when there were calls since the last list.
  boolean isTouched() {
    return unclear || taken + released > 0;
  }

  /// The backend lists these, all calls included.
  void listed(Set<LockKey> keys) {
    int lost = 0;
    for (LockKey key : List.copyOf(held.keySet())) {
      if (!keys.contains(key)) {
        lost += Objects.requireNonNullElse(held.remove(key), 0);
      }
    }
    int fresh = 0;
    for (LockKey key : keys) {
      fresh += held.putIfAbsent(key, 1) == null ? 1 : 0;
    }
    count(Math.max(0, taken - fresh), Math.max(0, released - lost));
    taken = 0;
    released = 0;
    unclear = false;
  }

  /// What the list alone does not explain.
  private void count(int more, int fewer) {
    if (held.isEmpty()) {
      counted = true;
    } else if (unclear) {
      counted = false;
    } else if (more + fewer > 0) {
      if (held.size() == 1) {
        held.replaceAll((_, times) -> Math.max(1, times + more - fewer));
      } else {
        counted = false;
      }
    }
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /// False when nobody knows how often the session holds one of them.
  boolean isCounted() {
    return counted;
  }

  Map<LockKey, Integer> held() {
    return Collections.unmodifiableMap(held);
  }
}
