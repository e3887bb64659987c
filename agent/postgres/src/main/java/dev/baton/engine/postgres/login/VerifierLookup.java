package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.admin.AdminConnection;
import dev.baton.engine.postgres.admin.Rows;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.ByteStrings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From where one connection reads verifiers: a function that belongs to a superuser and gives out
/// nothing else, so that the agents' role needs no right to the table of all passwords; or that
/// table, where the agents' role may read it and the function is not there.
///
/// A superuser's agent makes the function itself. What stands in its place but belongs to somebody
/// else is not called: whoever may create a schema could otherwise have the agents run anything.
public enum VerifierLookup {
  FUNCTION("SELECT verifier, expired FROM baton.user_lookup(%s)"),
  TABLE(
      "SELECT rolpassword, coalesce(rolvaliduntil < now(), false) FROM pg_authid"
          + " WHERE rolname::text = %s");

  /// What docs/configuration.md has for administrators, but for the last two lines there, which
  /// give another role the right to it.
  public static final String DEFINITION =
      """
      CREATE SCHEMA IF NOT EXISTS baton;
      CREATE OR REPLACE FUNCTION baton.user_lookup(role text)
        RETURNS TABLE (verifier text, expired boolean)
        LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS 'SELECT rolpassword, coalesce(rolvaliduntil < now(), false)
              FROM pg_catalog.pg_authid WHERE rolname::text = role';
      REVOKE ALL ON FUNCTION baton.user_lookup(text) FROM PUBLIC;
      """;

  private static final Logger LOG = LoggerFactory.getLogger(VerifierLookup.class);

  /// Two fronts may come at the same time. Nothing waits for a standby here: it is made again when
  /// it should be lost.
  private static final String INSTALL =
      "BEGIN; SET LOCAL synchronous_commit = local; SELECT pg_advisory_xact_lock(7164912053301);"
          + DEFINITION
          + "COMMIT";

  /// One row: whether the function may be called; whether the schema's owner, if there is one, is a
  /// superuser; whether this role is one, at a server that takes writes.
  private static final String STATE =
      """
      SELECT EXISTS (
          SELECT FROM pg_proc f
            JOIN pg_namespace n ON n.oid = f.pronamespace
            JOIN pg_roles owner ON owner.oid = f.proowner
            JOIN pg_roles keeper ON keeper.oid = n.nspowner
           WHERE n.nspname = 'baton' AND f.proname = 'user_lookup' AND f.prosecdef
             AND pg_get_function_identity_arguments(f.oid) = 'role text'
             AND owner.rolsuper AND keeper.rolsuper
             AND has_schema_privilege(n.oid, 'USAGE')
             AND has_function_privilege(f.oid, 'EXECUTE')),
        coalesce((SELECT rolsuper FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
                   WHERE nspname = 'baton'), true),
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
          AND NOT pg_is_in_recovery()
      """;

  private final String question;

  VerifierLookup(String question) {
    this.question = question;
  }

  /// Finds out what this connection can use, and makes the function where that is possible.
  static CompletableFuture<VerifierLookup> of(AdminConnection connection) {
    return connection.query(STATE).thenCompose(rows -> choose(connection, rows));
  }

  private static CompletableFuture<VerifierLookup> choose(AdminConnection connection, Rows rows) {
    List<@Nullable String> state = rows.rows().getFirst();
    boolean usable = "t".equals(state.get(0));
    boolean ownSchema = "t".equals(state.get(1));
    boolean superuser = "t".equals(state.get(2));
    if (usable) {
      return CompletableFuture.completedFuture(FUNCTION);
    }
    if (!ownSchema) {
      LOG.warn("schema baton belongs to a role that is no superuser: what is in it is not called");
      return CompletableFuture.completedFuture(TABLE);
    }
    if (!superuser) {
      return CompletableFuture.completedFuture(TABLE);
    }
    return connection
        .query(INSTALL)
        .handle(
            (done, failure) -> {
              if (failure == null) {
                LOG.info("function baton.user_lookup was made");
                return CompletableFuture.completedFuture(FUNCTION);
              }
              LOG.warn("function baton.user_lookup cannot be made: {}", failure.toString());
              return connection.query("ROLLBACK").thenApply(_ -> TABLE);
            })
        .thenCompose(next -> next);
  }

  /// @param user byte string that is UTF-8
  String question(String user) {
    return question.formatted(literal(user));
  }

  /// Reads the answer to [#question].
  static Verifiers.Answer answer(Rows rows) {
    if (rows.rows().isEmpty()) {
      return new Verifiers.Answer.Unusable("the role does not exist");
    }
    if ("t".equals(rows.rows().getFirst().get(1))) {
      return new Verifiers.Answer.Unusable("the role's password has expired (VALID UNTIL)");
    }
    Optional<String> stored = rows.value();
    if (stored.isEmpty()) {
      return new Verifiers.Answer.Unusable("the role has no password");
    }
    Optional<ScramVerifier> verifier = ScramVerifier.parse(stored.get());
    if (verifier.isPresent()) {
      return new Verifiers.Answer.Known(verifier.get());
    }
    return new Verifiers.Answer.Unusable(
        stored.get().startsWith("md5")
            ? "the role's password is stored as md5, by which no login passes through an agent: set"
                + " password_encryption to scram-sha-256 and the password anew"
            : "what is stored as the role's password is no SCRAM verifier");
  }

  /// Escaped whatever `standard_conforming_strings` says.
  private static String literal(String user) {
    String text = ByteStrings.text(user);
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
