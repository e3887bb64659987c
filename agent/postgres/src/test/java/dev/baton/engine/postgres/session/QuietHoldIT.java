package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Durability;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/// A client is held longer than any of its own and its server's timers would run, and notices
/// nothing; one that is held longer than the front's bound is told.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class QuietHoldIT {
  /// Each timer is set to a second.
  private static final long HOLD_MILLIS = 2_200;

  private static MovedSessions moved;

  @BeforeAll
  static void start() throws Exception {
    moved = MovedSessions.start(Durability.REPLICATION, true, Map.of());
    moved.server.ask("create table entry (n int)");
  }

  @AfterAll
  static void stop() throws Exception {
    moved.close();
  }

  private static CompletableFuture<Void> takeOverLater(MovedSessions moved, long millis) {
    Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(moved::openNext, later);
  }

  @ParameterizedTest
  @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=1"})
  void theDriversOwnSocketTimeoutDoesNotRunOut(String mode) throws Exception {
    try (Connection client = moved.connect(mode, "socketTimeout=1");
        Statement statement = client.createStatement()) {
      client.setAutoCommit(false);
      statement.execute("insert into entry values (1)");
      moved.cutAll();
      CompletableFuture<Void> open = takeOverLater(moved, HOLD_MILLIS);
      statement.execute("insert into entry values (2)");
      assertThat(open.isDone()).as("it was held all the time").isTrue();
      client.commit();
      assertThat(client.getWarnings() == null).as("not warned").isTrue();
      assertThat(statement.getWarnings() == null).as("not warned").isTrue();
    }
  }

  @Test
  void anIdleClientIsTroubledByNothing() throws Exception {
    try (Connection client = moved.connect("socketTimeout=1");
        Statement statement = client.createStatement()) {
      statement.execute("select 1");
      moved.cutAll();
      CompletableFuture<Void> open = takeOverLater(moved, HOLD_MILLIS);
      assertThat(client.unwrap(PGConnection.class).getNotifications(500)).isEmpty();
      open.get();
      assertThat(client.unwrap(PGConnection.class).getNotifications(500)).isEmpty();
      statement.execute("select 1");
      assertThat(statement.getWarnings() == null).as("not warned").isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "idle_in_transaction_session_timeout",
        "transaction_timeout",
        "statement_timeout",
        "lock_timeout",
        "idle_session_timeout"
      })
  void theServersTimersDoNotRunOut(String timer) throws Exception {
    try (Connection client = moved.connect();
        Statement statement = client.createStatement()) {
      statement.execute("set " + timer + " = '1s'");
      client.setAutoCommit(!timer.contains("transaction"));
      statement.execute("insert into entry values (3)");
      moved.cutAll();
      CompletableFuture<Void> open = takeOverLater(moved, HOLD_MILLIS);
      assertThat(first(statement, "select count(*) > 0 from entry where n = 3")).isEqualTo("t");
      assertThat(open.isDone()).as("it was held all the time").isTrue();
      if (!client.getAutoCommit()) {
        client.commit();
      }
      assertThat(first(statement, "show " + timer)).isEqualTo("1s");
    }
  }

  @Test
  void aClientThatIsHeldTooLongIsTold() throws Exception {
    try (MovedSessions without = MovedSessions.start(Durability.REPLICATION, true, Map.of(), 700);
        Connection idle = without.connect();
        Connection client = without.connect();
        Statement statement = client.createStatement();
        Statement later = idle.createStatement()) {
      without.cutAll();
      assertTold(() -> statement.execute("select 1"));
      assertTold(() -> later.execute("select 1"));
      assertThat(client.isClosed()).isTrue();
    }
  }

  private static void assertTold(org.assertj.core.api.ThrowableAssert.ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            PSQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("08006");
              assertThat(e.getMessage()).contains("no database took over within 700 ms");
            });
  }

  private static String first(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return String.valueOf(rows.getString(1));
    }
  }
}
