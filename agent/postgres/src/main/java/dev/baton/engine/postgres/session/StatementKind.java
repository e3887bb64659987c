package dev.baton.engine.postgres.session;

/// What a statement may do to the transaction it stands in, as far as its text tells.
enum StatementKind {
  /// Blank or only comments.
  EMPTY,
  /// `BEGIN`, `START TRANSACTION`.
  BEGIN,
  /// `COMMIT`, `END`.
  COMMIT,
  /// `ROLLBACK`, `ABORT`.
  ROLLBACK,
  /// `SAVEPOINT`, `RELEASE`, `ROLLBACK TO`.
  SAVEPOINT,
  /// `PREPARE TRANSACTION`, `COMMIT PREPARED`, `ROLLBACK PREPARED`: the transaction outlives its
  /// session, and its fate is not that of an id which a front asked for.
  TWO_PHASE,
  /// Touches only the session and writes no table: `SET`, `SHOW`, `LISTEN`, `PREPARE`, `LOCK` …
  /// Must not be wrapped in a block (warnings and errors would differ) and, in a block, must not be
  /// followed by a question that takes a snapshot (`SET TRANSACTION`, `LOCK` come before it).
  SESSION,
  /// Whatever may read or write tables and runs in a block as well as alone.
  WORK,
  /// `COPY`: may make the server read copy data, during which nothing else may be sent to it.
  COPY,
  /// `CALL`, `DO`: may commit inside, which is possible only outside a block.
  PROCEDURE,
  /// Refuses to run in a block, and may be run again without harm: `VACUUM`, `REINDEX` …
  MAINTENANCE,
  /// Refuses to run in a block, and must not be run twice: `CREATE DATABASE`, `CREATE INDEX
  /// CONCURRENTLY` …
  ALONE;

  /// Begins or ends transactions, so that what follows it stands in another one.
  boolean controlsTransaction() {
    return switch (this) {
      case BEGIN, COMMIT, ROLLBACK, TWO_PHASE -> true;
      case EMPTY, SAVEPOINT, SESSION, WORK, COPY, PROCEDURE, MAINTENANCE, ALONE -> false;
    };
  }

  /// May leave something behind that running it again would double.
  boolean mayWrite() {
    return switch (this) {
      case WORK, COPY, PROCEDURE, ALONE, TWO_PHASE -> true;
      case EMPTY, BEGIN, COMMIT, ROLLBACK, SAVEPOINT, SESSION, MAINTENANCE -> false;
    };
  }
}
