package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SqlTokens.Kind;
import dev.baton.engine.postgres.session.SqlTokens.Token;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The only call of `nextval` in a statement, with the sequence named in the text.
final class SequenceCall {
  private final String sql;
  private final String sequence;
  private final int from;
  private final int to;

  private SequenceCall(String sql, String sequence, int from, int to) {
    this.sql = sql;
    this.sequence = sequence;
    this.from = from;
    this.to = to;
  }

  /// @return empty when there is none, or several, or the sequence is not named by a literal
  static Optional<SequenceCall> of(String sql, boolean backslashEscapes) {
    List<Token> tokens = SqlTokens.of(sql, backslashEscapes);
    SequenceCall only = null;
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isName() && tokens.get(i).name().equals("nextval")) {
        SequenceCall call = call(sql, tokens, i);
        if (only != null || call == null) {
          return Optional.empty();
        }
        only = call;
      }
    }
    return Optional.ofNullable(only);
  }

  private static @Nullable SequenceCall call(String sql, List<Token> tokens, int name) {
    boolean qualified = name > 1 && tokens.get(name - 1).is('.');
    if (qualified && !tokens.get(name - 2).is("pg_catalog")) {
      return null;
    }
    int at = name + 1;
    if (at + 2 >= tokens.size()
        || !tokens.get(at).is('(')
        || tokens.get(at + 1).kind() != Kind.STRING) {
      return null;
    }
    String sequence = tokens.get(at + 1).text();
    at += 2;
    if (at + 2 < tokens.size() && tokens.get(at).is(':') && tokens.get(at + 1).is(':')) {
      at += 2;
      if (!tokens.get(at++).is("regclass")) {
        return null;
      }
    }
    if (at >= tokens.size() || !tokens.get(at).is(')')) {
      return null;
    }
    return new SequenceCall(
        sql, sequence, tokens.get(qualified ? name - 2 : name).from(), tokens.get(at).to());
  }

  /// The literal that names the sequence.
  String sequence() {
    return sequence;
  }

  /// True when `expression` is this call and nothing else.
  boolean isAll(String expression) {
    return from == 0 && to == expression.length();
  }

  /// The text with this value in the place of the call. The name of a column that it makes stays.
  String with(long value) {
    return sql.substring(0, from)
        + "(SELECT "
        + value
        + "::pg_catalog.int8 AS nextval)"
        + sql.substring(to);
  }
}
