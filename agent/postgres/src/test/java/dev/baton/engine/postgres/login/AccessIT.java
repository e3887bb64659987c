package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.net.AccessPolicy;
import dev.baton.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same rules stand in a real server's `pg_hba.conf` and before a front: whoever the one lets
/// in the other lets in, and with the same SQLSTATE the one refuses the other refuses.
@Timeout(300)
class AccessIT {
  private static final String[] RULES = {
    "host all mallory 0.0.0.0/0 reject",
    "hostssl all carol 127.0.0.0/8 cert",
    "hostssl all dave 127.0.0.1/32 scram-sha-256 clientcert=verify-full",
    "hostssl all erin 127.0.0.1/32 scram-sha-256 clientcert=verify-ca",
    "hostnossl template1 alice 127.0.0.1/32 reject",
    "hostssl postgres frank 127.0.0.0/8 scram-sha-256",
    "host all guest 127.0.0.1/32 trust",
    "host sameuser own all scram-sha-256",
    "host all far 10.0.0.0/8 scram-sha-256",
    "host postgres,template1 alice samehost md5"
  };
  private static final String[] USERS = {
    "mallory", "carol", "dave", "erin", "alice", "frank", "guest", "own", "far", "nobody"
  };

  @TempDir static Path folder;
  private static TestServer model;
  private static TestServer server;
  private static FrontUnderTest front;
  private static TestCertificate serverCertificate;
  private static Path clientCa;

  @BeforeAll
  static void start() throws Exception {
    serverCertificate = TestCertificate.make(folder, "localhost");
    clientCa = folder.resolve("clients.crt");
    StringBuilder trusted = new StringBuilder();
    for (String user : List.of("carol", "dave", "other")) {
      trusted.append(Files.readString(TestCertificate.make(folder, user).certificate()));
    }
    TestCertificate.make(folder, "stranger");
    Files.writeString(clientCa, trusted);
    model = TlsServer.start(serverCertificate, Files.readAllBytes(clientCa), Map.of(), RULES);
    server = TestServer.start();
    StringBuilder passwords = new StringBuilder("# of roles that prove none\n");
    for (String user : USERS) {
      if (!user.equals("nobody")) {
        model.ask("CREATE ROLE " + user + " LOGIN PASSWORD 'pw-" + user + "'");
        server.ask("CREATE ROLE " + user + " LOGIN PASSWORD 'pw-" + user + "'");
        passwords.append(user).append(":pw-").append(user).append('\n');
      }
    }
    Path rolePasswords = folder.resolve("roles");
    Files.writeString(rolePasswords, passwords);
    front = front(policy(rolePasswords, RULES), TestServer.USER);
  }

  private static AccessPolicy policy(Path rolePasswords, String... rules) {
    return new AccessPolicy(
        new AccessPolicy.Tls(
            serverCertificate.certificate(), serverCertificate.privateKey(), false, clientCa),
        FrontUnderTest.rules(rules),
        rolePasswords);
  }

  private static FrontUnderTest front(AccessPolicy policy, String admin) throws IOException {
    return new FrontUnderTest(server.port(), policy, FrontUnderTest.Limits.ROOMY, admin);
  }

  @AfterAll
  static void stop() throws IOException {
    front.close();
    server.close();
    model.close();
  }

  @TestFactory
  Stream<DynamicTest> letsInAndRefusesWhomAServerDoes() {
    Stream.Builder<DynamicTest> tests = Stream.builder();
    for (String user : USERS) {
      for (String database : List.of("postgres", "template1")) {
        for (String tls : List.of("disable", "require")) {
          add(tests, user, database, tls, "");
        }
      }
      for (String certificate : List.of("carol", "dave", "other", "stranger")) {
        add(tests, user, "postgres", "require", certificate);
      }
    }
    return tests.build();
  }

  private static void add(
      Stream.Builder<DynamicTest> tests,
      String user,
      String database,
      String tls,
      String certificate) {
    tests.add(
        DynamicTest.dynamicTest(
            user + " to " + database + " tls=" + tls + " certificate=" + certificate,
            () ->
                assertThat(login(front.port(), user, database, tls, certificate))
                    .isEqualTo(login(model.port(), user, database, tls, certificate))));
  }

  /// The comparison above would not notice if nobody got in anywhere.
  @Test
  void someGetInAndNotOnlyByPassword() {
    assertThat(login(front.port(), "carol", "postgres", "require", "carol")).isEqualTo("carol");
    assertThat(login(front.port(), "guest", "template1", "disable", "")).isEqualTo("guest");
    assertThat(login(front.port(), "dave", "postgres", "require", "dave")).isEqualTo("dave");
    assertThat(login(front.port(), "dave", "postgres", "require", "carol")).isEqualTo("28P01");
  }

  @Test
  void anotherPolicyCountsFromTheNextConnectionOn() throws Exception {
    try (FrontUnderTest changing = front(policy(roles(), "host all all all reject"), USER);
        FrontUnderTest plain = front(AccessPolicy.PASSWORD, USER)) {
      assertThat(login(changing.port(), "alice", "postgres", "require", "")).isEqualTo("28000");
      changing.front.reload(policy(roles(), "hostssl all all all scram-sha-256"));
      assertThat(login(changing.port(), "alice", "postgres", "require", "")).isEqualTo("alice");
      assertThatThrownBy(() -> changing.front.reload(policy(roles(), "host all all all pam")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("rule 1: pam is not offered");
      assertThat(login(changing.port(), "alice", "postgres", "disable", "")).isEqualTo("28000");
      assertThat(login(changing.port(), "alice", "postgres", "require", "")).isEqualTo("alice");

      assertThat(login(plain.port(), "alice", "postgres", "require", "")).isEqualTo("08004");
      plain.front.reload(policy(roles()));
      assertThat(login(plain.port(), "alice", "postgres", "require", "")).isEqualTo("alice");
    }
  }

  @Test
  void aSessionOutlivesThePolicyThatLetItIn() throws Exception {
    try (FrontUnderTest changing = front(policy(roles()), USER);
        Connection connection = connect(changing.port(), "alice", "postgres", "require", "")) {
      changing.front.reload(policy(roles(), "host all all all reject"));
      assertThat(ask(connection, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void tlsThatIsRequiredIsRequired() throws Exception {
    AccessPolicy.Tls tls =
        new AccessPolicy.Tls(
            serverCertificate.certificate(), serverCertificate.privateKey(), true, null);
    try (FrontUnderTest strict = front(new AccessPolicy(tls, List.of(), null), USER)) {
      assertThat(login(strict.port(), "alice", "postgres", "disable", "")).isEqualTo("28000");
      assertThat(login(strict.port(), "alice", "postgres", "require", "")).isEqualTo("alice");
    }
  }

  @Test
  void aRoleWithoutAPasswordInTheFileIsRefused() throws Exception {
    Path some = folder.resolve("some-roles");
    Files.writeString(some, "guest:wrong\n");
    try (FrontUnderTest trusting = front(policy(some, "host all all all trust"), USER)) {
      assertThat(login(trusting.port(), "guest", "postgres", "disable", "")).isEqualTo("28000");
      assertThat(login(trusting.port(), "alice", "postgres", "disable", "")).isEqualTo("28000");
    }
  }

  @Test
  void whatCannotBeUsedIsRefusedWithARemedy() throws Exception {
    Path old = folder.resolve("old.key");
    Files.writeString(
        old, "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n");
    AccessPolicy.Tls tls = new AccessPolicy.Tls(serverCertificate.certificate(), old, false, null);
    assertThatThrownBy(() -> front(new AccessPolicy(tls, List.of(), null), USER))
        .hasMessageContaining("openssl pkcs8 -topk8");
    Path broken = folder.resolve("broken-roles");
    Files.writeString(broken, "alice:x\nsecret without colon\n");
    assertThatThrownBy(() -> front(policy(broken), USER))
        .hasMessageContaining("line 2: expected role:password")
        .hasMessageNotContaining("secret without");
  }

  private static final String USER = TestServer.USER;

  private static Path roles() {
    return folder.resolve("roles");
  }

  /// The user that the server sees, or the SQLSTATE of the refusal.
  private static String login(
      int port, String user, String database, String tls, String certificate) {
    try (Connection connection = connect(port, user, database, tls, certificate)) {
      return ask(connection, "SELECT session_user");
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  private static Connection connect(
      int port, String user, String database, String tls, String certificate) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", "pw-" + user);
    properties.setProperty("sslmode", tls);
    if (!certificate.isEmpty()) {
      properties.setProperty("sslcert", folder.resolve(certificate + ".crt").toString());
      properties.setProperty("sslkey", folder.resolve(certificate + ".pk8").toString());
    }
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
