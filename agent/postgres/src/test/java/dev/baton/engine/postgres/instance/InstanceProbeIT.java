package dev.baton.engine.postgres.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.core.engine.Probe.Activity;
import dev.baton.testing.Await;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// What a real server tells of its work.
class InstanceProbeIT {
  @Test
  void tellsBackendsLocksAndLimits() throws Exception {
    try (TestServer server = TestServer.start();
        InstanceProbe probe = new InstanceProbe(server.settings());
        Connection holder = connect(server);
        Connection waiter = connect(server)) {
      server.ask("CREATE TABLE t AS SELECT 1 AS n");
      int before = probe.read().connections();
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        statement.execute("UPDATE t SET n = 2");
      }
      Thread blocked = Thread.ofVirtual().start(() -> update(waiter));
      Activity seen = until(probe, activity -> activity.waitingForLocks() == 1);
      assertThat(seen.idleInTransaction()).isEqualTo(1);
      assertThat(seen.active()).isGreaterThanOrEqualTo(1);
      assertThat(seen.connections()).isGreaterThanOrEqualTo(before);
      assertThat(seen.maxConnections()).isEqualTo(50);
      assertThat(seen.oldestTransactionSeconds()).isPositive();
      assertThat(seen.blocksHit()).isPositive();
      holder.rollback();
      assertThat(blocked.join(Duration.ofSeconds(20))).isTrue();
      assertThat(until(probe, activity -> activity.waitingForLocks() == 0).idleInTransaction())
          .isZero();
    }
  }

  @Test
  void asksAnewWhenTheServerIsBack() throws Exception {
    try (TestServer server = TestServer.start();
        InstanceProbe probe = new InstanceProbe(server.settings())) {
      assertThat(probe.read().maxConnections()).isEqualTo(50);
      server.instance().stop(Duration.ofSeconds(20));
      assertThatThrownBy(probe::read).isInstanceOf(IOException.class);
      server.instance().start();
      assertThat(probe.read().maxConnections()).isEqualTo(50);
    }
  }

  @Test
  void aClosedOneOpensNothing() throws Exception {
    try (TestServer server = TestServer.create("test", java.util.Map.of())) {
      InstanceProbe probe = new InstanceProbe(server.settings());
      probe.close();
      assertThatThrownBy(probe::read).hasMessageContaining("closed");
    }
  }

  @Test
  void whatIsNoAnswerIsSaid() {
    assertThatThrownBy(() -> InstanceProbe.parse("1 2 3"))
        .hasMessageContaining("not understood: 1 2 3");
    assertThatThrownBy(() -> InstanceProbe.parse("a 2 3 4 5 6 7 8 9 10"))
        .hasMessageContaining("not understood");
  }

  private static Connection connect(TestServer server) throws Exception {
    return DriverManager.getConnection(server.jdbcUrl(), TestServer.USER, TestServer.PASSWORD);
  }

  private static void update(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE t SET n = 3");
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Activity until(InstanceProbe probe, Predicate<Activity> wanted) {
    AtomicReference<Activity> seen = new AtomicReference<>();
    Await.until(
        "the server tells it",
        () -> {
          Activity now = probe.read();
          seen.set(now);
          return wanted.test(now);
        });
    return Objects.requireNonNull(seen.get());
  }
}
