package dev.baton.engine.postgres.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.engine.Instance.State;
import dev.baton.model.LogPosition;
import dev.baton.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A standby that streams straight from its home, since the relay has tests of its own.
@Timeout(300)
class StandbyInstanceIT {
  private TestServer home;
  private TestServer standby;
  private final List<Integer> progress = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    home = TestServer.start("a", Map.of());
    home.ask("CREATE TABLE t (n int)");
    standby =
        TestServer.create(
            "b",
            Map.of(
                "primary_conninfo",
                "host=127.0.0.1 port="
                    + home.port()
                    + " application_name=baton_b user="
                    + TestServer.USER
                    + " password='"
                    + TestServer.PASSWORD
                    + "'"),
            (epoch, from, into, told) -> copyHome(into, told));
    standby.instance().seed(1, "a", progress::add);
    standby.instance().start();
  }

  @AfterEach
  void close() throws IOException {
    standby.close();
    home.close();
  }

  @Test
  void followsItsHomeUntilItIsPromotedAndKeepsItsConnections() throws Exception {
    assertThat(standby.instance().state()).isEqualTo(State.STANDBY);
    assertThat(progress).containsExactly(100);
    home.instance().requireAcknowledgement(Set.of("b"));
    home.ask("INSERT INTO t SELECT generate_series(1, 1000)");
    try (Connection twin = standby.connect();
        Statement statement = twin.createStatement()) {
      awaitPosition(home.instance().position());
      home.instance().kill();
      standby.instance().promote(Duration.ofSeconds(60));
      statement.execute("INSERT INTO t VALUES (1001)");
    }
    assertThat(standby.ask("SELECT count(*) FROM t")).isEqualTo("1001");
    assertThat(standby.instance().state()).isEqualTo(State.PRIMARY);
    assertThat(Objects.requireNonNull(standby.instance().identity()).timeline()).isEqualTo(2);
  }

  @Test
  void aPromotedStandbyWaitsForNobody() throws Exception {
    home.instance().requireAcknowledgement(Set.of("b"));
    home.instance().kill();
    standby.instance().promote(Duration.ofSeconds(60));
    assertThat(standby.ask("SHOW synchronous_standby_names")).isEmpty();
    standby.ask("INSERT INTO t VALUES (1)");
  }

  @Test
  void aStoppedHomeFollowsTheOneThatWasPromoted() throws Exception {
    awaitPosition(home.instance().position());
    home.instance().stop(Duration.ofSeconds(60));
    standby.instance().promote(Duration.ofSeconds(60));
    home.instance().followRelay();
    home.instance().start();
    assertThat(home.instance().state()).isEqualTo(State.STANDBY);
    assertThat(home.ask("SHOW primary_conninfo"))
        .contains("port=" + home.settings().relayPort())
        .contains("application_name=a");
  }

  @Test
  void whatWasThereIsPutAsideNotDestroyed() throws Exception {
    standby.instance().kill();
    Path marker = standby.settings().dataDirectory().resolve("marker");
    Files.writeString(marker, "mine");
    standby.instance().seed(2, "a", progress::add);
    Path aside = standby.settings().dataDirectory().resolveSibling("data.before");
    assertThat(aside.resolve("marker")).hasContent("mine");
    assertThat(marker).doesNotExist();
    standby.instance().start();
    assertThat(standby.instance().state()).isEqualTo(State.STANDBY);
  }

  @Test
  void theMembersCanBeChangedWhileCommitsWait() throws Exception {
    home.instance().requireAcknowledgement(Set.of("b"));
    LogPosition from = home.instance().requireAcknowledgement(Set.of("b", "absent"));
    assertThat(from.bits()).isPositive();
    assertThat(home.ask("SHOW synchronous_standby_names"))
        .isEqualTo("FIRST 2 (\"baton_absent\", \"baton_b\")");
    home.instance().requireAcknowledgement(Set.of("b"));
    home.ask("INSERT INTO t VALUES (1)");
  }

  private void awaitPosition(LogPosition position) {
    Await.until("standby at " + position, () -> standby.instance().position().isAtLeast(position));
  }

  /// An orderly stopped home's files are a copy that needs no further log.
  private LogPosition copyHome(Path into, java.util.function.IntConsumer told) throws IOException {
    LogPosition end = home.instance().position();
    home.instance().stop(Duration.ofSeconds(60));
    Path from = home.settings().dataDirectory();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = into.resolve(from.relativize(file).toString());
        if (!copy.equals(into)) {
          Files.copy(file, copy);
        }
        if (Files.isDirectory(copy)) {
          Files.setPosixFilePermissions(
              copy, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        }
      }
    }
    home.instance().start();
    told.accept(100);
    return end;
  }

  @Test
  void aCrashedBackendEndsTheServerForTheAgentToDecide() throws Exception {
    var goings =
        new java.util.concurrent.LinkedBlockingQueue<dev.baton.core.engine.Instance.Going>();
    home.instance().onGoing(goings::add);
    try (Connection client = home.connect();
        Statement statement = client.createStatement();
        var rows = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
      rows.next();
      Signals.send(rows.getLong(1), Signals.KILL);
      Await.next(goings);
      assertThat(home.instance().goingDown()).isTrue();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
