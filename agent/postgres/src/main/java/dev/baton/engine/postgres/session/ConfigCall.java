package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SqlTokens.Kind;
import dev.baton.engine.postgres.session.SqlTokens.Token;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Calls of `set_config` in a statement's text.
final class ConfigCall {
  private ConfigCall() {}

  /// True when every call is for the transaction alone: its third argument is `true`.
  static boolean allLocal(String sql) {
    List<Token> tokens = SqlTokens.of(sql, false);
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).is("set_config") && !isLocal(tokens, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLocal(List<Token> tokens, int call) {
    int end = closing(tokens, call + 1);
    return end > 2 && tokens.get(end - 1).is("true") && tokens.get(end - 2).is(',');
  }

  /// Where the parenthesis ends that begins at `open`; -1 when there is none.
  private static int closing(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).is('(') ? 1 : tokens.get(i).is(')') ? -1 : 0;
      if (depth == 0) {
        return i == open ? -1 : i;
      }
    }
    return -1;
  }

  /// The parameter that `SELECT set_config('name', …, false)` sets, when the statement does nothing
  /// else: its answer is the value.
  ///
  /// @return in lower case
  static Optional<String> parameter(String sql) {
    List<Token> tokens = SqlTokens.of(sql, false);
    int at = 0;
    if (tokens.size() < 9 || !tokens.get(at++).is("select")) {
      return Optional.empty();
    }
    if (tokens.get(at).is("pg_catalog") && tokens.get(at + 1).is('.')) {
      at += 2;
    }
    if (!tokens.get(at).is("set_config") || tokens.get(at + 2).kind() != Kind.STRING) {
      return Optional.empty();
    }
    String literal = tokens.get(at + 2).text();
    int end = closing(tokens, at + 1);
    boolean plain =
        literal.startsWith("'")
            && tokens.get(at + 3).is(',')
            && end > 0
            && tokens.get(end - 1).is("false")
            && tokens.get(end - 2).is(',')
            && isAlias(tokens.subList(end + 1, tokens.size()));
    return plain
        ? Optional.of(literal.substring(1, literal.length() - 1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  private static boolean isAlias(List<Token> rest) {
    return switch (rest.size()) {
      case 0 -> true;
      case 1 -> rest.getFirst().kind() == Kind.QUOTED_NAME;
      case 2 -> rest.getFirst().is("as") && rest.getLast().isName();
      default -> false;
    };
  }

  /// A command that sets it again.
  ///
  /// @param value a byte string
  static String command(String parameter, String value) {
    return "SELECT pg_catalog.set_config(%s, %s, false)"
        .formatted(SqlText.literal(parameter), SqlText.literal(value));
  }
}
