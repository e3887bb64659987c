package dev.baton.engine.postgres.protect;

import dev.baton.engine.postgres.login.VerifierLookup;
import dev.baton.engine.postgres.scram.ScramVerifier;
import java.security.SecureRandom;
import java.util.List;

/// The role with which agents work in an instance that is not their own, with no more rights than
/// they need: receive the log and copy the database, read statistics and settings, promote, reload,
/// checkpoint, and call the function that gives out verifiers.
final class AgentRole {
  private static final String MARK = "made for Baton";
  private static final int SALT_BYTES = 16;
  private static final int ITERATIONS = 4096;

  private AgentRole() {}

  /// @param password is not in the script, only its verifier
  static String create(String role, String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    String name = identifier(role);
    return """
    BEGIN;
    SET LOCAL client_min_messages = warning;
    CREATE ROLE %1$s LOGIN REPLICATION PASSWORD '%2$s';
    COMMENT ON ROLE %1$s IS '%3$s';
    GRANT pg_monitor TO %1$s;
    DO $$ BEGIN
      IF current_setting('server_version_num')::int >= 150000 THEN
        GRANT pg_checkpoint TO %1$s;
      END IF;
    END $$;
    GRANT EXECUTE ON FUNCTION pg_catalog.pg_promote(boolean, integer) TO %1$s;
    GRANT EXECUTE ON FUNCTION pg_catalog.pg_reload_conf() TO %1$s;
    %4$sGRANT USAGE ON SCHEMA baton TO %1$s;
    GRANT EXECUTE ON FUNCTION baton.user_lookup(text) TO %1$s;
    COMMIT;
    """
        .formatted(
            name,
            ScramVerifier.of(password, salt, ITERATIONS).stored(),
            MARK,
            VerifierLookup.DEFINITION);
  }

  /// For single-user mode, a line each. Only a role that [#create] has made is dropped, and the
  /// schema only with it.
  static List<String> drop(String role) {
    String name = identifier(role);
    String text = role.replace("'", "''");
    return List.of(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '"
            + text
            + "' AND shobj_description(oid, 'pg_authid') = '"
            + MARK
            + "') THEN DROP OWNED BY "
            + name
            + "; DROP FUNCTION IF EXISTS baton.user_lookup(text); DROP SCHEMA IF EXISTS baton;"
            + " DROP ROLE "
            + name
            + "; END IF; END $$");
  }

  /// A question for the role itself: a row for each right that it misses, in words.
  static String missingRights(int version) {
    String checkpoint =
        version < 150_000
            ? ""
            : ", (pg_has_role(current_user, 'pg_checkpoint', 'USAGE'), 'may not make a"
                + " checkpoint')";
    return """
    SELECT missing FROM (VALUES
        ((SELECT rolreplication FROM pg_roles WHERE rolname = current_user),
         'may not receive the log (REPLICATION)'),
        (pg_has_role(current_user, 'pg_monitor', 'USAGE'), 'may not read statistics (pg_monitor)'),
        (has_function_privilege('pg_catalog.pg_promote(boolean, integer)', 'EXECUTE'),
         'may not promote a standby'),
        (has_function_privilege('pg_catalog.pg_reload_conf()', 'EXECUTE'),
         'may not have settings read again'),
        (EXISTS (SELECT FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
                  WHERE n.nspname = 'baton' AND f.proname = 'user_lookup'
                    AND has_schema_privilege(n.oid, 'USAGE')
                    AND has_function_privilege(f.oid, 'EXECUTE')),
         'may not read verifiers (function baton.user_lookup)')%s
      ) AS rights (has, missing)
     WHERE NOT has AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        OR NOT has AND missing LIKE '%%user_lookup%%'
    """
        .formatted(checkpoint);
  }

  private static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
