package dev.baton.engine.postgres.session;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The statements of one text, in order.
record Script(List<Statement> statements) {
  /// What a statement does to its session beyond the transaction.
  enum Feature {
    /// Session-level advisory locks may be taken or released.
    ADVISORY_LOCK,
    /// Temporary objects may exist from now on.
    TEMPORARY,
    /// A cursor may outlive its transaction.
    HOLD,
    /// `set_config(…)`: a parameter whose name and value the text may not show.
    SET_CONFIG,
    /// `… AND CHAIN`.
    CHAIN,
    /// `INSERT … RETURNING` or `nextval(…)`: its answer may show what the database generated.
    GENERATED;

    /// It says something of the session, not only of the statement.
    boolean bindsSession() {
      return switch (this) {
        case ADVISORY_LOCK, TEMPORARY, HOLD, SET_CONFIG -> true;
        case CHAIN, GENERATED -> false;
      };
    }
  }

  /// @param from offset of its first byte in the text
  /// @param to offset after its last byte, without the semicolon
  /// @param words the first few words in upper case, comments left out
  record Statement(
      StatementKind kind, int from, int to, List<String> words, Set<Feature> features) {
    boolean startsWith(String... expected) {
      for (int i = 0; i < expected.length; i++) {
        if (i >= words.size() || !words.get(i).equals(expected[i])) {
          return false;
        }
      }
      return true;
    }

    /// Ends a block and begins the next one at once.
    boolean chains() {
      return features.contains(Feature.CHAIN)
          && (kind == StatementKind.COMMIT || kind == StatementKind.ROLLBACK);
    }
  }

  private static final Set<Feature> NONE = Set.of();

  /// A text in which nothing can be told apart: it may do anything.
  static final Script UNREADABLE =
      new Script(List.of(new Statement(StatementKind.PROCEDURE, 0, 0, List.of(), NONE)));

  /// The kind of the only statement; `EMPTY` when there is none.
  ///
  /// @throws IllegalStateException when there are several
  StatementKind only() {
    if (statements.size() > 1) {
      throw new IllegalStateException("not one statement but " + statements.size());
    }
    return statements.isEmpty() ? StatementKind.EMPTY : statements.getFirst().kind();
  }

  boolean isSingle() {
    return statements.size() <= 1;
  }

  boolean any(StatementKind kind) {
    for (Statement statement : statements) {
      if (statement.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  boolean controlsTransaction() {
    for (Statement statement : statements) {
      if (statement.kind().controlsTransaction()) {
        return true;
      }
    }
    return false;
  }

  boolean mayWrite() {
    for (Statement statement : statements) {
      if (statement.kind().mayWrite()) {
        return true;
      }
    }
    return false;
  }

  Set<Feature> features() {
    Set<Feature> all = NONE;
    for (Statement statement : statements) {
      if (!statement.features().isEmpty()) {
        if (all.isEmpty()) {
          all = EnumSet.noneOf(Feature.class);
        }
        all.addAll(statement.features());
      }
    }
    return all;
  }
}
