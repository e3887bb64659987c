package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.LossVerdict;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.Durability;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/// A driver does odd things directly, through a front without a standby, and through one whose
/// requests are guarded by a memory; each time in a database of its own, and each time it is told
/// the same.
@Timeout(300)
class ParityIT {
  private static final Map<String, List<String>> STANDBYS =
      Map.of("unguarded", List.of(), "guarded", List.of("b"));

  private static final Map<String, SessionsUnderTest> FRONTS = new HashMap<>();

  /// What each script is told directly.
  private static final Map<String, List<String>> DIRECT = new HashMap<>();

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    for (Map.Entry<String, List<String>> mode : STANDBYS.entrySet()) {
      RouteState open = new RouteState.Open(1, "a", mode.getValue(), Durability.REPLICATION);
      SessionsUnderTest front =
          new SessionsUnderTest(open, 0, TestServer.USER, TestServer.PASSWORD, false);
      front.connector.host("a", server.port());
      front.connector.host("b", server.port());
      front.route.verdict = LossVerdict.SESSION_ENDED; // the server lives, whoever ends a backend
      FRONTS.put(mode.getKey(), front);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    FRONTS.values().forEach(SessionsUnderTest::close);
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> aDriverIsToldTheSame() {
    return DriverScripts.all().entrySet().stream()
        .flatMap(
            script ->
                STANDBYS.keySet().stream()
                    .map(
                        mode ->
                            DynamicTest.dynamicTest(
                                script.getKey() + ", " + mode,
                                () -> compare(script.getKey(), script.getValue(), mode))));
  }

  private static void compare(String name, DriverScripts.Script script, String mode)
      throws SQLException {
    List<String> direct = DIRECT.get(name);
    if (direct == null) {
      direct = run(name, script, server.port());
      DIRECT.put(name, direct);
    }
    assertThat(direct).as("the script does something").isNotEmpty();
    assertThat(run(name, script, Objects.requireNonNull(FRONTS.get(mode)).port()))
        .isEqualTo(direct);
  }

  private static List<String> run(String name, DriverScripts.Script script, int port)
      throws SQLException {
    String database = "parity_" + name.replaceAll("[^a-z]", "_");
    server.ask("CREATE DATABASE " + database);
    List<String> told = new ArrayList<>();
    Properties properties = new Properties();
    properties.setProperty("user", TestServer.USER);
    properties.setProperty("password", TestServer.PASSWORD);
    properties.setProperty("sslmode", "disable");
    try {
      script.run(
          new DriverStage(
              "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties, told));
    } catch (Exception e) {
      told.add("ended by " + DriverStage.told(e));
    } finally {
      server.ask("DROP DATABASE " + database + " WITH (FORCE)");
    }
    return told;
  }
}
