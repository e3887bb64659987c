package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SessionState.Prepared;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client has prepared by the protocol, and what of it its present backend has: a new one is
/// given each statement when it is needed first.
final class PreparedStatements {
  /// A client that prepares more than this keeps its statements on its backend alone.
  static final int MAX_STATEMENTS = 10_000;

  private final Map<String, Prepared> statements = new HashMap<>();
  private final Set<String> onBackend = new HashSet<>();
  private boolean tooMany;

  void prepared(Prepared statement) {
    if (statements.size() >= MAX_STATEMENTS && !statements.containsKey(statement.name())) {
      tooMany = true;
      return;
    }
    statements.put(statement.name(), statement);
    onBackend.add(statement.name());
  }

  void closed(String name) {
    statements.remove(name);
    onBackend.remove(name);
  }

  void closeAll() {
    statements.clear();
    onBackend.clear();
    tooMany = false;
  }

  @Nullable Prepared find(String name) {
    return statements.get(name);
  }

  /// The statement, when the present backend has it not yet; from now on it counts as there.
  @Nullable Prepared takeMissing(String name) {
    Prepared statement = statements.get(name);
    return statement != null && onBackend.add(name) ? statement : null;
  }

  /// The present backend has it, by a request that was replayed there.
  void onBackend(String name) {
    onBackend.add(name);
  }

  void notOnBackend(String name) {
    onBackend.remove(name);
  }

  /// The session continues on a backend that has nothing yet.
  void newBackend() {
    onBackend.clear();
  }

  /// Not all of them are known.
  boolean areTooMany() {
    return tooMany;
  }
}
