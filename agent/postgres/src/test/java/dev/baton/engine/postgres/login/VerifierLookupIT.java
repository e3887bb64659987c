package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.net.AccessPolicy;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// From where verifiers come, by the rights of the agents' role.
@Timeout(300)
class VerifierLookupIT {
  private static final String EXISTS = "SELECT to_regprocedure('baton.user_lookup(text)')";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    server.ask("CREATE ROLE alice LOGIN PASSWORD 'wonderland'");
    server.ask("CREATE ROLE agents LOGIN PASSWORD '" + TestServer.PASSWORD + "'");
    server.ask("CREATE ROLE attacker LOGIN PASSWORD 'x'");
    server.ask("SET password_encryption = md5; CREATE ROLE old_fashioned LOGIN PASSWORD 'x'");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void nothingIsThere() throws SQLException {
    server.ask("DROP SCHEMA IF EXISTS baton CASCADE");
  }

  @Test
  void aSuperusersAgentMakesTheFunctionForItselfAlone() throws Exception {
    assertThat(login(TestServer.USER, "alice", "wonderland")).isEmpty();
    assertThat(server.ask(EXISTS)).isEqualTo("baton.user_lookup(text)");
    assertThat(
            server.ask(
                "SELECT count(*) FROM pg_roles r WHERE NOT rolsuper"
                    + " AND has_function_privilege(r.oid, 'baton.user_lookup(text)', 'EXECUTE')"))
        .isEqualTo("0");
    assertThat(server.ask("SELECT verifier FROM baton.user_lookup('alice')"))
        .startsWith("SCRAM-SHA-256$");
    assertThat(login(TestServer.USER, "alice", "wrong")).isEqualTo("28P01");
  }

  @Test
  void aRoleWithTheRightToTheFunctionAloneIsEnough() throws Exception {
    assertThat(login("agents", "alice", "wonderland", new FrontUnderTest.Limits(300, 60_000, 100)))
        .isEqualTo("57P03");
    server.ask(VerifierLookup.DEFINITION);
    server.ask("GRANT USAGE ON SCHEMA baton TO agents");
    server.ask("GRANT EXECUTE ON FUNCTION baton.user_lookup(text) TO agents");
    assertThat(login("agents", "alice", "wonderland")).isEmpty();
    assertThat(login("agents", "nobody", "x")).isEqualTo("28P01");
    assertThat(server.ask("SELECT has_table_privilege('agents', 'pg_authid', 'SELECT')"))
        .isEqualTo("f");
  }

  /// A superuser that called it would run whatever is in it.
  @Test
  void aFunctionOfSomebodyElseIsNotCalled() throws Exception {
    server.ask("CREATE TABLE IF NOT EXISTS trap (sprung text)");
    server.ask("TRUNCATE trap");
    String trap =
        "CREATE FUNCTION baton.user_lookup(role text)"
            + " RETURNS TABLE (verifier text, expired boolean) LANGUAGE sql %s"
            + " AS 'INSERT INTO public.trap VALUES (role) RETURNING role, true'";
    server.ask("CREATE SCHEMA baton AUTHORIZATION attacker");
    server.ask(trap.formatted(""));
    server.ask("ALTER FUNCTION baton.user_lookup(text) OWNER TO attacker");
    assertThat(login(TestServer.USER, "alice", "wonderland")).isEmpty();
    server.ask("DROP SCHEMA baton CASCADE");
    server.ask("CREATE SCHEMA baton AUTHORIZATION attacker");
    server.ask(trap.formatted("SECURITY DEFINER")); // of a superuser, in a schema of another
    assertThat(login(TestServer.USER, "alice", "wonderland")).isEmpty();
    assertThat(server.ask("SELECT count(*) FROM trap")).isEqualTo("0");
  }

  @Test
  void aPasswordStoredAsMd5IsToTheClientAWrongOne() throws Exception {
    assertThat(login(TestServer.USER, "old_fashioned", "x")).isEqualTo("28P01");
    assertThat(direct("old_fashioned", "x")).isEqualTo("28P01");
  }

  private static String login(String admin, String user, String password) throws IOException {
    return login(admin, user, password, FrontUnderTest.Limits.ROOMY);
  }

  private static String login(
      String admin, String user, String password, FrontUnderTest.Limits limits) throws IOException {
    try (FrontUnderTest front =
        new FrontUnderTest(server.port(), AccessPolicy.PASSWORD, limits, admin)) {
      return state(front.port(), user, password);
    }
  }

  private static String direct(String user, String password) {
    return state(server.port(), user, password);
  }

  /// Empty, or the SQLSTATE of the refusal.
  private static String state(int port, String user, String password) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "disable");
    try {
      DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties)
          .close();
      return "";
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }
}
