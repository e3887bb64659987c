package dev.baton.engine.postgres.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.core.engine.Instance.Going;
import dev.baton.core.engine.Instance.State;
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
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class PostgresInstanceIT {
  private final BlockingQueue<Going> goings = new LinkedBlockingQueue<>();
  private TestServer server;
  private long begunNanos;

  @BeforeEach
  void start() throws IOException {
    begunNanos = System.nanoTime();
    server = TestServer.start();
    server.instance().onGoing(goings::add);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void startsAsPrimaryAndKnowsItself() throws Exception {
    assertThat(server.instance().state()).isEqualTo(State.PRIMARY);
    assertThat(server.ask("SELECT 40 + 2")).isEqualTo("42");
    var identity = java.util.Objects.requireNonNull(server.instance().identity());
    assertThat(identity.timeline()).isEqualTo(1);
    assertThat(identity.version()).startsWith("18");
    assertThat(identity.systemId()).hasSizeGreaterThan(10);
    assertThat(ServerProcesses.of(server.settings().dataDirectory()))
        .contains(identity.processId());
    assertThat(server.ask("SELECT pg_catalog.pg_postmaster_start_time() IS NOT NULL"))
        .isEqualTo("t");
  }

  @Test
  void refusesAWrongPassword() {
    assertThatThrownBy(
            () ->
                java.sql.DriverManager.getConnection(
                        server.jdbcUrl(), TestServer.USER, "a wrong one")
                    .close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void stopsInOrderWithoutCallingItAGoing() throws Exception {
    server.ask("CREATE TABLE kept AS SELECT 7 AS n");
    server.instance().stop(Duration.ofSeconds(60));
    assertThat(server.instance().state()).isEqualTo(State.STOPPED);
    assertThat(ServerProcesses.of(server.settings().dataDirectory())).isEmpty();
    assertThat(server.instance().goingDown()).isTrue();
    server.instance().start();
    assertThat(server.ask("SELECT n FROM kept")).isEqualTo("7");
    assertThat(goings).isEmpty();
  }

  @Test
  void killEndsEveryProcessAndAFrozenOneToo() throws Exception {
    try (Connection busy = server.connect();
        Statement statement = busy.createStatement()) {
      statement.execute("SELECT 1");
      for (long process : ServerProcesses.of(server.settings().dataDirectory())) {
        assertThat(Signals.send(process, Signals.STOP)).isTrue();
      }
      server.instance().kill();
      assertThat(ServerProcesses.of(server.settings().dataDirectory())).isEmpty();
      assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
    }
    assertThat(server.instance().state()).isEqualTo(State.STOPPED);
    assertThat(goings).isEmpty();
  }

  @Test
  void tellsAtOnceWhenTheMainProcessDiesAndEndsItsOrphans() throws Exception {
    try (Connection client = server.connect();
        Statement statement = client.createStatement()) {
      String backend = askOn(statement, "SELECT pg_catalog.pg_backend_pid()");
      // a stopped backend is an orphan that would never notice its main process' death
      assertThat(Signals.send(Long.parseLong(backend), Signals.STOP)).isTrue();
      assertThat(Signals.send(server.processId(), Signals.KILL)).isTrue();
      Going going = Await.next(goings);
      assertThat(going.cause()).isEqualTo(Going.Cause.DIED);
      assertThat(going.lastSignOfLifeNanos()).isBetween(begunNanos, System.nanoTime());
      assertThat(server.instance().goingDown()).isTrue();
      assertThat(ServerProcesses.of(server.settings().dataDirectory()))
          .contains(Long.parseLong(backend));
      server.instance().kill();
      assertThat(ServerProcesses.of(server.settings().dataDirectory())).isEmpty();
    }
    server.instance().start();
    assertThat(server.instance().state()).isEqualTo(State.PRIMARY);
  }

  @Test
  void tellsAFreezeButNotASlowQuery() throws Exception {
    try (Connection client = server.connect();
        Statement statement = client.createStatement()) {
      statement.execute("SELECT pg_catalog.pg_sleep(2)");
      assertThat(goings).isEmpty();
    }
    for (long process : ServerProcesses.of(server.settings().dataDirectory())) {
      Signals.send(process, Signals.STOP);
    }
    Going going = Await.next(goings);
    assertThat(going.cause()).isEqualTo(Going.Cause.FROZEN);
    assertThat(going.lastSignOfLifeNanos())
        .as("before it was silent for long enough")
        .isLessThanOrEqualTo(System.nanoTime() - LivenessJudge.STOPPED_NANOS);
  }

  @Test
  void tellsAnOrderlyStopBySomebodyElse() throws Exception {
    assertThat(Signals.send(server.processId(), Signals.INTERRUPT)).isTrue();
    Going going = Await.next(goings);
    // when it is over within one look, the end is all that can be seen
    assertThat(going.cause()).isIn(Going.Cause.STOPPING, Going.Cause.DIED);
  }

  @Test
  void oneEndedBackendIsNotTheServersGoing() throws Exception {
    try (Connection client = server.connect();
        Statement statement = client.createStatement()) {
      String backend = askOn(statement, "SELECT pg_catalog.pg_backend_pid()");
      server.ask("SELECT pg_catalog.pg_terminate_backend(" + backend + ")");
      assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
    }
    assertThat(server.instance().goingDown()).isFalse();
    assertThat(goings).isEmpty();
  }

  @Test
  void aCommitWaitsForTheMembersUntilTheyAreOut() throws Exception {
    server.ask("CREATE TABLE t (n int)");
    var end = server.instance().requireAcknowledgement(Set.of("nobody"));
    assertThat(end.bits()).isPositive();
    try (Connection client = server.connect()) {
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Statement statement = client.createStatement()) {
                      statement.execute("INSERT INTO t VALUES (1)");
                    } catch (SQLException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      await("SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE wait_event = 'SyncRep'", "1");
      assertThat(server.ask("SELECT count(*) FROM t")).isEqualTo("0");
      server.instance().requireAcknowledgement(Set.of());
      assertThat(writer.join(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(server.ask("SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void endsTheServerOfAnEarlierAgentBeforeItStartsItsOwn() throws Exception {
    long earlier = server.processId();
    PostgresInstance next =
        new PostgresInstance(
            server.settings(),
            ServerBinaries.find(null),
            (epoch, home, into, progress) -> {
              throw new IOException("not asked for");
            });
    next.start();
    try {
      assertThat(ProcessHandle.of(earlier).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(next.state()).isEqualTo(State.PRIMARY);
    } finally {
      next.kill();
    }
  }

  @Test
  void knowsWhichTransactionsHadCommittedBeforeItWasKilled() throws Exception {
    server.ask("CREATE TABLE t (n int)");
    long rolledBack;
    long open;
    String next = "INSERT INTO t VALUES (1) RETURNING pg_catalog.pg_current_xact_id()";
    long committed = Long.parseLong(server.ask(next));
    try (Connection client = server.connect();
        Statement statement = client.createStatement()) {
      client.setAutoCommit(false);
      rolledBack = id(statement, next);
      client.rollback();
      open = id(statement, next);
      server.instance().kill();
    }
    server.instance().start();
    // ids that left no trace are given again, and these commit
    long again = Long.parseLong(server.ask(next));
    assertThat(server.instance().committedBefore(committed)).contains(true);
    assertThat(server.instance().committedBefore(rolledBack)).contains(false);
    assertThat(server.instance().committedBefore(open)).contains(false);
    assertThat(server.instance().committedBefore(again)).contains(false);
    assertThat(server.instance().committedBefore(open + 1_000)).contains(false);
  }

  private static long id(Statement statement, String sql) throws SQLException {
    try (java.sql.ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// A killed server's files name its process; by now another of the same user may have that id.
  @Test
  void startsThoughAnotherProcessHasTheIdOfTheKilledOne() throws Exception {
    Path data = server.settings().dataDirectory();
    Path folder = ServerSettings.socketFolder(server.settings()).getFirst();
    Path lock = folder.resolve(".s.PGSQL." + server.settings().port() + ".lock");
    List<String> lines = Files.readAllLines(lock);
    server.instance().kill();
    try (TestServer other = TestServer.start()) {
      List<String> names = new ArrayList<>(lines);
      names.set(0, Long.toString(other.processId()));
      Files.write(lock, names);
      Files.write(data.resolve("postmaster.pid"), names);
      server.instance().start();
    }
    assertThat(server.instance().state()).isEqualTo(State.PRIMARY);
  }

  @Test
  void saysWhyItDoesNotStart() throws Exception {
    server.instance().kill();
    try (TestServer broken = TestServer.create("broken", Map.of("no_such_setting", "1"))) {
      broken.instance().initialize();
      assertThatThrownBy(() -> broken.instance().start())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no_such_setting");
      assertThat(broken.instance().state()).isEqualTo(State.STOPPED);
    }
  }

  private void await(String sql, String expected) {
    Await.until(expected + ": " + sql, () -> server.ask(sql).equals(expected));
  }

  private static String askOn(Statement statement, String sql) throws SQLException {
    try (var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void findsTheEndOfTheLogOfAKilledServer() throws Exception {
    server.ask("CREATE TABLE t AS SELECT generate_series(1, 100000) AS i");
    server.ask("SELECT pg_catalog.pg_switch_wal()");
    server.ask("INSERT INTO t SELECT generate_series(1, 100000)");
    var written =
        dev.baton.model.LogPosition.parse(server.ask("SELECT pg_current_wal_flush_lsn()"));
    server.instance().kill();

    var end = java.util.Objects.requireNonNull(server.instance().endOfLog());

    assertThat(end).isGreaterThanOrEqualTo(written);
    server.instance().start();
    assertThat(server.instance().position())
        .as("recovery ends where the log was found to end, and then writes a little")
        .isGreaterThanOrEqualTo(end);
    assertThat(server.instance().position().bytesSince(end)).isLessThan(64 << 10);
  }

  @Test
  void observesWhereTheLogStands() throws Exception {
    server.ask("CREATE TABLE t AS SELECT generate_series(1, 1000) AS i");
    var written = server.instance().position();
    Await.until("it is observed", () -> server.instance().observedPosition().isAtLeast(written));
  }
}
