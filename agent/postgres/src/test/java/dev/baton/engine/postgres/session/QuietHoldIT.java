package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.Durability;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/// A client is held longer than any of its own and its server's timers would run, and notices
/// nothing; one that is held longer than the front's bound is told.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class QuietHoldIT {
  /// Of clients and of their sessions.
  private static final int TIMER_SECONDS = 3;

  private static final long HOLD_MILLIS = 4_500;

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

  /// What a client has done before it is held, and does while it is.
  private interface Held {
    void before() throws Exception;

    void during() throws Exception;
  }

  /// All of them are held at the same time, since that is most of what this test takes.
  @TestFactory
  Stream<DynamicTest> noTimerRunsOut() throws Exception {
    Map<String, Held> clients = new LinkedHashMap<>();
    for (String mode : List.of("preferQueryMode=simple", "prepareThreshold=1")) {
      clients.put("the driver's own, " + mode, new WithSocketTimeout(mode));
    }
    clients.put("an idle client's", new Idle());
    for (String timer :
        List.of(
            "idle_in_transaction_session_timeout",
            "transaction_timeout",
            "statement_timeout",
            "lock_timeout",
            "idle_session_timeout")) {
      clients.put("the server's " + timer, new WithServersTimer(timer));
    }
    for (Held client : clients.values()) {
      client.before();
    }
    moved.cutAll();
    Map<String, Future<?>> ended = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      clients.forEach((name, client) -> ended.put(name, threads.submit(() -> during(client))));
      CompletableFuture.delayedExecutor(HOLD_MILLIS, TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                isOver.set(true);
                moved.openNext();
              });
    }
    return ended.entrySet().stream()
        .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> each.getValue().get()));
  }

  private static @Nullable Void during(Held client) throws Exception {
    client.during();
    return null;
  }

  /// Whether those who were held may have been let go.
  private final AtomicBoolean isOver = new AtomicBoolean();

  private void assertHeldAllTheTime() {
    assertThat(isOver).as("it was held all the time").isTrue();
  }

  private final class WithSocketTimeout implements Held {
    private final Connection client;
    private final Statement statement;

    WithSocketTimeout(String mode) throws SQLException {
      client = moved.connect(mode, "socketTimeout=" + TIMER_SECONDS);
      statement = client.createStatement();
    }

    @Override
    public void before() throws SQLException {
      client.setAutoCommit(false);
      statement.execute("insert into entry values (1)");
    }

    @Override
    public void during() throws SQLException {
      statement.execute("insert into entry values (2)");
      assertHeldAllTheTime();
      client.commit();
      assertThat(client.getWarnings() == null).as("not warned").isTrue();
      assertThat(statement.getWarnings() == null).as("not warned").isTrue();
      client.close();
    }
  }

  private final class Idle implements Held {
    private final Connection client = moved.connect("socketTimeout=" + TIMER_SECONDS);

    Idle() throws SQLException {}

    @Override
    public void before() throws SQLException {
      first(client, "select 1");
    }

    @Override
    public void during() throws SQLException {
      PGConnection listening = client.unwrap(PGConnection.class);
      while (!isOver.get()) {
        assertThat(listening.getNotifications(500)).isEmpty();
      }
      assertThat(listening.getNotifications(500)).isEmpty();
      try (Statement statement = client.createStatement()) {
        statement.execute("select 1");
        assertThat(statement.getWarnings() == null).as("not warned").isTrue();
      }
      client.close();
    }
  }

  private final class WithServersTimer implements Held {
    private final String timer;
    private final Connection client = moved.connect();

    WithServersTimer(String timer) throws SQLException {
      this.timer = timer;
    }

    @Override
    public void before() throws SQLException {
      try (Statement statement = client.createStatement()) {
        statement.execute("set " + timer + " = '" + TIMER_SECONDS + "s'");
        client.setAutoCommit(!timer.contains("transaction"));
        statement.execute("insert into entry values (3)");
      }
    }

    @Override
    public void during() throws SQLException {
      assertThat(first(client, "select count(*) > 0 from entry where n = 3")).isEqualTo("t");
      assertHeldAllTheTime();
      if (!client.getAutoCommit()) {
        client.commit();
      }
      assertThat(first(client, "show " + timer)).isEqualTo(TIMER_SECONDS + "s");
      client.close();
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

  private static String first(Connection client, String sql) throws SQLException {
    try (Statement statement = client.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return String.valueOf(rows.getString(1));
    }
  }
}
