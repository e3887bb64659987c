package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.Durability;
import dev.baton.testing.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A driver works through a front whose backends are cut again and again. Both hosts are one
/// server, which stands for a standby that has replayed everything: what is lost or doubled shows
/// in its tables.
@Timeout(300)
final class SessionMoveIT {
  private static final int MOVES = 8;
  private static final int CLIENTS = 3;
  private static final int TRANSACTIONS_BETWEEN_MOVES = 6;

  @Test
  void everyAcknowledgedTransactionIsThereOnceAndNoClientSeesAnError() throws Exception {
    try (TestServer server = TestServer.start();
        SessionsUnderTest front =
            new SessionsUnderTest(open(1), 0, TestServer.USER, TestServer.PASSWORD, true)) {
      server.ask("create table entry (id text primary key)");
      server.ask("create table account (id int primary key, n int)");
      server.ask("insert into account select i, 0 from generate_series(0, 9) i");
      front.connector.host("a", server.port());
      front.connector.host("b", server.port());
      front.route.fates = id -> CompletableFuture.supplyAsync(() -> fate(server, id));

      Semaphore acknowledged = new Semaphore(0);
      AtomicLong stopAt = new AtomicLong(Long.MAX_VALUE);
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          int client = i;
          running.add(clients.submit(() -> work(front.port(), client, acknowledged, stopAt)));
        }
        for (int move = 0; move < MOVES; move++) {
          awaitTransactions(acknowledged, TRANSACTIONS_BETWEEN_MOVES, running);
          front.connector.cut("a");
          front.route.set(open(front.route.state().epoch() + 1));
        }
        awaitTransactions(acknowledged, TRANSACTIONS_BETWEEN_MOVES, running);
        stopAt.set(0);
        int done = 0;
        for (Future<Integer> client : running) {
          done += client.get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(server.ask("select count(*) from entry")).isEqualTo(String.valueOf(2 * done));
        assertThat(server.ask("select sum(n) from account")).isEqualTo(String.valueOf(done));
      }
    }
  }

  private static RouteState open(long epoch) {
    return new RouteState.Open(
        epoch,
        epoch % 2 == 1 ? "a" : "b",
        List.of(epoch % 2 == 1 ? "b" : "a"),
        Durability.REPLICATION);
  }

  /// @return transactions that were acknowledged to this client
  private static int work(int port, int client, Semaphore acknowledged, AtomicLong stopAt)
      throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable";
    int done = 0;
    try (Connection connection =
            DriverManager.getConnection(url, TestServer.USER, TestServer.PASSWORD);
        PreparedStatement insert = connection.prepareStatement("insert into entry values (?)");
        PreparedStatement update =
            connection.prepareStatement("update account set n = n + 1 where id = ?");
        Statement plain = connection.createStatement()) {
      while (done < stopAt.get()) {
        connection.setAutoCommit(false);
        insert.setString(1, client + "/" + done);
        insert.executeUpdate();
        update.setInt(1, client);
        update.executeUpdate();
        connection.commit();
        connection.setAutoCommit(true);
        plain.executeUpdate("insert into entry values ('" + client + "/" + done + "/auto')");
        done++;
        acknowledged.release();
      }
    }
    return done;
  }

  private static void awaitTransactions(
      Semaphore acknowledged, int more, List<Future<Integer>> running) throws Exception {
    acknowledged.drainPermits();
    if (!acknowledged.tryAcquire(more, Await.BOUND_SECONDS, TimeUnit.SECONDS)) {
      for (Future<Integer> client : running) {
        if (client.isDone()) {
          client.get();
        }
      }
      throw new AssertionError("clients are stuck");
    }
  }

  private static Fate fate(TestServer server, long id) {
    try {
      String status;
      do {
        status = server.ask("select pg_xact_status('" + id + "'::xid8)");
      } while (status.equals("in progress"));
      return status.equals("committed") ? Fate.COMMITTED : Fate.NOT_COMMITTED;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
