package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.engine.postgres.session.SessionStates.Outcome;
import dev.baton.engine.postgres.session.SessionStates.State;
import dev.baton.model.Durability;
import dev.baton.model.Movability;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.postgresql.util.PSQLException;

/// Every state of a session, in either kind of move, in either protocol: it comes along exactly, or
/// the session has said beforehand why it does not.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SessionStatesIT {
  private static final Map<String, String> MODES =
      Map.of("simple", "preferQueryMode=simple", "extended", "prepareThreshold=1");

  private static MovedSessions moved;

  @BeforeAll
  static void start() throws Exception {
    moved =
        MovedSessions.start(
            Durability.REPLICATION, true, Map.of("max_prepared_transactions", "10"));
    SessionStates.prepare(moved.server);
  }

  @AfterAll
  static void stop() throws Exception {
    moved.close();
  }

  @TestFactory
  Stream<DynamicTest> everyStateInEveryMove() {
    return SessionStates.all().stream()
        .flatMap(
            state ->
                MODES.entrySet().stream()
                    .flatMap(
                        mode ->
                            Stream.of(
                                test(state, mode, "planned move", true, state.planned()),
                                test(state, mode, "failover", false, state.failover()))));
  }

  private static DynamicTest test(
      State state, Map.Entry<String, String> mode, String kind, boolean planned, Outcome outcome) {
    return DynamicTest.dynamicTest(
        "%s, %s, %s".formatted(state, kind, mode.getKey()),
        () -> {
          try (Connection client = moved.connect(mode.getValue())) {
            state.before().run(client);
            knowsItsState(client);
            Movability known = moved.movability();
            if (planned) {
              moved.switchOver();
            } else {
              moved.move();
            }
            judge(state, outcome, client, planned ? known.whenPlanned() : known.movable(), known);
          }
        });
  }

  private static void judge(
      State state, Outcome outcome, Connection client, boolean movable, Movability known)
      throws SQLException {
    switch (outcome) {
      case Outcome.Moved _ -> {
        assertThat(movable).as("said before: %s", known).isTrue();
        assertThat(state.question().ask(client)).isEqualTo(state.expected());
      }
      case Outcome.NotMovable not -> {
        assertThat(movable).as("said before").isFalse();
        assertThat(known.reason()).isEqualTo(not.reason());
        assertThat(known.remedy()).isNotEmpty();
        assertThatThrownBy(() -> state.question().ask(client))
            .isInstanceOfSatisfying(
                PSQLException.class,
                e -> {
                  assertThat(e.getSQLState()).isEqualTo("57P01");
                  assertThat(e.getMessage()).contains(not.reason());
                });
      }
      case Outcome.RolledBack _ -> {
        assertThatThrownBy(() -> state.question().ask(client))
            .isInstanceOfSatisfying(
                PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40001"));
        try (Statement statement = client.createStatement()) {
          statement.execute("rollback");
        }
        assertThat(state.question().ask(client)).isEqualTo(state.expected());
      }
    }
  }

  /// What its backend was asked for is answered before whatever the client asks next; in a failed
  /// transaction nothing was asked.
  private static void knowsItsState(Connection client) {
    try (Statement statement = client.createStatement()) {
      statement.execute("select 1");
    } catch (SQLException inFailedTransaction) {
      assertThat(inFailedTransaction.getSQLState()).isEqualTo("25P02");
    }
  }

  @Test
  void aMoveThatIsNotMadeLeavesEverythingAsItWas() throws Exception {
    try (Connection client = moved.connect();
        Statement statement = client.createStatement()) {
      statement.execute("create temp table mine as select 5 as n");
      statement.execute("declare kept cursor with hold for select generate_series(1, 5)");
      statement.execute("fetch 2 from kept");
      moved.drain();
      moved.undo();
      assertThat(first(statement, "fetch 1 from kept")).isEqualTo("3");
      moved.switchOver();
      assertThat(first(statement, "fetch 1 from kept")).isEqualTo("4");
      assertThat(first(statement, "select n from mine")).isEqualTo("5");
    }
  }

  @Test
  void aQuestionThatIsNotAnsweredBeforeTheMoveChangesNothing() throws Exception {
    try (Connection client = moved.connect();
        Statement statement = client.createStatement()) {
      statement.execute("select pg_advisory_lock(77)");
      statement.execute("set app.tenant = 'one'");
      statement.execute("select 1");
      moved.switchOverAtOnce();
      assertThat(first(statement, "show app.tenant")).isEqualTo("one");
      assertThat(first(statement, "select pg_advisory_unlock(77)")).isEqualTo("t");
    }
  }

  @Test
  void contentsBeyondTheBoundEndTheSession() throws Exception {
    try (Connection client = moved.connect();
        Statement statement = client.createStatement()) {
      statement.execute(
          "create temp table large as select repeat('x', 1000) from generate_series(1, 1100)");
      statement.execute("select 1");
      moved.switchOver();
      assertThatThrownBy(() -> first(statement, "select 1"))
          .hasMessageContaining("more than 1048576 bytes");
    }
  }

  @Test
  void aLockThatAnotherHasTakenEndsTheSession() throws Exception {
    try (Connection client = moved.connect();
        Statement statement = client.createStatement()) {
      statement.execute("select pg_advisory_lock(99)");
      statement.execute("select 1");
      moved.cutAll();
      try (Connection other = moved.server.connect();
          Statement taking = other.createStatement()) {
        taking.execute("select pg_advisory_lock(99)");
        moved.openNext();
        assertThatThrownBy(() -> first(statement, "select 1"))
            .hasMessageContaining("another session holds an advisory lock");
      }
    }
  }

  private static String first(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return String.valueOf(rows.getString(1));
    }
  }
}
