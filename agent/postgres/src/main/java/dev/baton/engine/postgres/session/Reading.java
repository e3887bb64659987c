package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SessionState.Prepared;
import dev.baton.engine.postgres.wire.FrontendType;
import org.jspecify.annotations.Nullable;

/// One message of the client.
///
/// @param name of the statement or portal it is about; empty when it has none
/// @param script of a Query
/// @param prepared the statement that is parsed, bound, or executed
/// @param ofStatement for Describe and Close: not of a portal
record Reading(
    byte type,
    String name,
    @Nullable Script script,
    @Nullable Prepared prepared,
    boolean ofStatement,
    String sql) {
  StatementKind kind() {
    return prepared == null ? StatementKind.WORK : prepared.kind();
  }

  /// Its answer may show what the database generated.
  boolean generates() {
    Script run = script;
    if (run == null && type == FrontendType.EXECUTE && prepared != null) {
      run = prepared.script();
    }
    return run != null && run.features().contains(Script.Feature.GENERATED);
  }

  /// Passing it on may commit the client's block.
  boolean commits() {
    return script != null
        ? script.any(StatementKind.COMMIT)
        : type == FrontendType.EXECUTE && kind() == StatementKind.COMMIT;
  }
}
