package dev.baton.engine.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.memory.MemoryBounds;
import dev.baton.core.route.Route.Fate;
import dev.baton.model.LogPosition;
import dev.baton.net.Transport;
import dev.baton.testing.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The log's whole way with real servers: copy, capture, relay, and what is left of it when the
/// home is killed.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReplicationIT {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final MemoryBounds SMALL = new MemoryBounds(2 << 20, 0, 1 << 16, 64 << 10);

  private final Transport transport = Transport.open(2);
  private final TestHost.Doors doors = new TestHost.Doors(transport);
  private TestHost a = host("a");
  private TestHost b = host("b");

  private TestHost host(String name) {
    try {
      return new TestHost(name, doors, transport, Map.of());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() throws Exception {
    a.server.begin();
    a.server.ask("CREATE TABLE t (id bigint PRIMARY KEY, filler text)");
    a.server.ask("INSERT INTO t SELECT -n, 'before' FROM generate_series(1, 1000) n");
  }

  @AfterEach
  void close() throws Exception {
    b.close();
    a.close();
    transport.close();
  }

  @Test
  void noCommitIsAcknowledgedBeforeTheMemoryHasIt() throws Exception {
    b.seedAndFollow(1, a, MemoryBounds.DEFAULT);
    assertThat(b.progress).isSorted().endsWith(100);
    a.instance().requireAcknowledgement(Set.of("b"));
    long before = b.onLoop(() -> b.memory().view(java.time.Instant.EPOCH).commitsIndexed());
    try (Connection connection = a.server.connect()) {
      connection.setAutoCommit(false);
      for (int i = 1; i <= 1000; i++) {
        insert(connection, i);
        connection.commit();
        long least = before + i;
        assertThat(b.onLoop(() -> b.memory().view(java.time.Instant.EPOCH).commitsIndexed()))
            .isGreaterThanOrEqualTo(least);
      }
    }
    LogPosition end = a.instance().position();
    b.awaitReplayOf(end);
    assertThat(b.source().homePosition()).isLessThanOrEqualTo(a.instance().position());
    assertThat(checksum(b)).isEqualTo(checksum(a));
    assertThat(b.broken).isEmpty();
  }

  @Test
  void afterAKillEveryAcknowledgedRowIsThereAndEveryFateIsTrueAgainAndAgain() throws Exception {
    b.seedAndFollow(1, a, MemoryBounds.DEFAULT);
    killUnderLoad(2, a, b, 0);
    a.seedAndFollow(2, b, MemoryBounds.DEFAULT);
    assertThat(b.server.ask("SELECT timeline_id FROM pg_control_checkpoint()")).isNotEqualTo("1");
    killUnderLoad(3, b, a, 1_000_000);
    b.seedAndFollow(3, a, MemoryBounds.DEFAULT);
    killUnderLoad(4, a, b, 2_000_000);
  }

  /// A home that was stopped with nothing written past the fork comes back without a copy, and goes
  /// over to the new timeline through its own relay; twice, so that more than one promotion lies on
  /// the way.
  @Test
  void aStoppedHomeFollowsThroughTheRelayOntoTheNextTimeline() throws Exception {
    b.seedAndFollow(1, a, MemoryBounds.DEFAULT);
    insertRows(a, 1);
    swap(2, a, b);
    insertRows(b, 1001);
    a.awaitReplayOf(b.instance().position());
    assertThat(checksum(a)).isEqualTo(checksum(b));
    swap(3, b, a);
    insertRows(a, 2001);
    b.awaitReplayOf(a.instance().position());
    assertThat(checksum(b)).isEqualTo(checksum(a));
    assertThat(b.server.ask("SELECT count(*) FROM t")).isEqualTo("4000");
  }

  @Test
  void commitsWaitWhileTheMemoryIsFullAndThenComplete() throws Exception {
    b.seedAndFollow(1, a, SMALL);
    a.instance().requireAcknowledgement(Set.of("b"));
    b.instance().stop(BOUND);
    AtomicLong committed = new AtomicLong();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writing =
          threads.submit(
              () -> {
                try (Connection connection = a.server.connect();
                    Statement statement = connection.createStatement()) {
                  for (int i = 1; i <= 300; i++) {
                    statement.execute(
                        "INSERT INTO t SELECT "
                            + i
                            + ", string_agg(md5((%d * n)::text), '') FROM generate_series(1, 2000) n"
                                .formatted(i));
                    committed.set(i);
                  }
                }
                return "";
              });
      Await.until(
          "a commit that waits for the memory",
          () ->
              waiting(a) && b.memory().log().end().bytesSince(b.memory().log().start()) > 1 << 19);
      long held = b.onLoop(() -> b.memory().view(java.time.Instant.EPOCH).bytesHeld());
      assertThat(held).isLessThanOrEqualTo(SMALL.bytes());
      assertThat(committed.get()).isLessThan(300);
      b.instance().start();
      writing.get(60, TimeUnit.SECONDS);
    }
    b.awaitReplayOf(a.instance().position());
    assertThat(checksum(b)).isEqualTo(checksum(a));
    assertThat(b.onLoop(() -> b.memory().view(java.time.Instant.EPOCH).bytesMax()))
        .isLessThanOrEqualTo(SMALL.bytes());
  }

  /// A standby that needs log from before its agent's memory gets it from the home.
  @Test
  void logOlderThanTheMemoryIsFetchedFromTheHome() throws Exception {
    b.seedAndFollow(1, a, MemoryBounds.DEFAULT);
    b.instance().stop(BOUND);
    b.leave();
    for (int i = 0; i < 4; i++) {
      insertRows(a, 1 + 1000 * i);
      a.server.ask("SELECT pg_switch_wal()");
    }
    insertRows(a, 5001);
    b.receive(1, "a", a.instance().position(), MemoryBounds.DEFAULT);
    b.instance().start();
    b.awaitReplayOf(a.instance().position());
    insertRows(a, 6001);
    b.awaitReplayOf(a.instance().position());
    assertThat(checksum(b)).isEqualTo(checksum(a));
  }

  /// Else the standby would ask for it for ever.
  @Test
  void olderLogThatTheHomeHasRemovedIsToldToBeGone() throws Exception {
    b.seedAndFollow(1, a, MemoryBounds.DEFAULT);
    b.instance().stop(BOUND);
    b.leave();
    a.server.ask("ALTER SYSTEM SET wal_keep_size = 0");
    a.server.ask("SELECT pg_reload_conf()");
    a.server.ask("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
    for (int i = 0; i < 4; i++) {
      insertRows(a, 1 + 1000 * i);
      a.server.ask("SELECT pg_switch_wal()");
      a.server.ask("CHECKPOINT");
    }
    insertRows(a, 5001);
    b.receive(1, "a", a.instance().position(), MemoryBounds.DEFAULT);
    b.instance().start();
    Await.until("it is told", () -> !b.gone.isEmpty());
    assertThat(b.gone.getFirst()).contains("has already been removed");
  }

  @Test
  void theStreamComesBackAfterABreak() throws Exception {
    b.seedAndFollow(1, a, MemoryBounds.DEFAULT);
    a.instance().requireAcknowledgement(Set.of("b"));
    for (int i = 0; i < 5; i++) {
      a.server.ask(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_replication"
              + " WHERE application_name = 'baton_b'");
      insertRows(a, 1 + 1000 * i);
    }
    b.awaitReplayOf(a.instance().position());
    assertThat(checksum(b)).isEqualTo(checksum(a));
    assertThat(b.broken).isNotEmpty();
  }

  /// Source stopped in order, all of its log received, flushed, promoted; then it follows.
  private void swap(long epoch, TestHost home, TestHost standby) throws Exception {
    LogPosition position = home.instance().position();
    home.instance().stop(BOUND);
    LogPosition end = Await.result(standby.source().stop());
    assertThat(end).isGreaterThanOrEqualTo(position);
    Await.result(standby.relay().flushed(end));
    standby.instance().promote(BOUND);
    standby.leave();
    home.instance().followRelay();
    home.receive(epoch, standby.name, end, MemoryBounds.DEFAULT);
    home.instance().start();
  }

  private void killUnderLoad(long epoch, TestHost home, TestHost standby, long firstId)
      throws Exception {
    home.instance().requireAcknowledgement(Set.of(standby.name));
    Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    Map<Long, Long> inFlight = new ConcurrentHashMap<>();
    AtomicLong ids = new AtomicLong(firstId);
    AtomicBoolean over = new AtomicBoolean();
    List<String> rows;
    double millis;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection twin = standby.server.connect()) {
      for (int i = 0; i < 8; i++) {
        threads.execute(() -> write(home, ids, acknowledged, inFlight, over));
      }
      Await.until("load", () -> acknowledged.size() > 500);
      long pid = home.server.processId();
      long killed = System.nanoTime();
      dev.baton.engine.postgres.instance.Signals.send(pid, 9);
      LogPosition end = Await.result(standby.source().stop());
      Await.result(standby.relay().flushed(end));
      double flushedMillis = (System.nanoTime() - killed) / 1e6;
      standby.onLoop(
          () -> {
            standby.memory().settle(end);
            return "";
          });
      standby.instance().promote(BOUND);
      double promotedMillis = (System.nanoTime() - killed) / 1e6;
      try (Statement statement = twin.createStatement()) {
        statement.execute("INSERT INTO t VALUES (" + (firstId + 900_000) + ", 'after')");
      }
      millis = (System.nanoTime() - killed) / 1e6;
      System.out.printf("flushed %.1f ms, promoted %.1f ms%n", flushedMillis, promotedMillis);
      over.set(true);
      home.instance().kill();
    }
    Set<Long> present = ids(standby, firstId);
    assertThat(present).containsAll(acknowledged);
    rows = new ArrayList<>();
    inFlight.forEach(
        (id, transaction) -> {
          Fate fate = standby.onLoop(() -> standby.memory().fate(transaction).orElseThrow());
          rows.add(id + " " + fate);
          assertThat(fate == Fate.COMMITTED).as("fate of " + id).isEqualTo(present.contains(id));
        });
    System.out.printf(
        "epoch %d: kill to first write %.1f ms, %d acknowledged, %d in flight, %s%n",
        epoch, millis, acknowledged.size(), inFlight.size(), rows);
    standby.leave();
  }

  private static void write(
      TestHost home,
      AtomicLong ids,
      Set<Long> acknowledged,
      Map<Long, Long> inFlight,
      AtomicBoolean over) {
    try (Connection connection = home.server.connect()) {
      connection.setAutoCommit(false);
      while (!over.get()) {
        long id = ids.incrementAndGet();
        long transaction = insert(connection, id);
        inFlight.put(id, transaction);
        connection.commit();
        acknowledged.add(id);
        inFlight.remove(id);
      }
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as("the kill ends every session").isIn("57P01", "57P02", "08006");
    }
  }

  private static long insert(Connection connection, long id) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "INSERT INTO t VALUES (" + id + ", 'x') RETURNING pg_current_xact_id()")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void insertRows(TestHost host, int first) throws SQLException {
    host.server.ask(
        "INSERT INTO t SELECT n, 'row' FROM generate_series(%d, %d) n"
            .formatted(first, first + 999));
  }

  private static Set<Long> ids(TestHost host, long above) throws SQLException {
    Set<Long> found = new HashSet<>();
    try (Connection connection = host.server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM t WHERE id > " + above)) {
      while (rows.next()) {
        found.add(rows.getLong(1));
      }
    }
    return found;
  }

  private static boolean waiting(TestHost host) {
    try {
      return host.server
          .ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
          .equals("1");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String checksum(TestHost host) throws SQLException {
    return host.server.ask("SELECT count(*) || md5(string_agg(t::text, ',' ORDER BY id)) FROM t");
  }
}
