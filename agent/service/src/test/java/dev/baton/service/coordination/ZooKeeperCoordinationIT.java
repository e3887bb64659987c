package dev.baton.service.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.Coordination.Connection;
import dev.baton.core.cluster.Coordination.WriteResult;
import dev.baton.core.cluster.HostRecord;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.model.Durability;
import dev.baton.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The record is changed by compare-and-set only, and every agent sees each change.
@Timeout(300)
class ZooKeeperCoordinationIT {
  @TempDir Path folder;
  private CoordinationServer server;
  private ZooKeeperCoordination one;
  private ZooKeeperCoordination other;

  @BeforeEach
  void open() throws Exception {
    server = CoordinationServer.open(folder, 0);
    one = connect();
    other = connect();
  }

  private ZooKeeperCoordination connect() throws InterruptedException {
    ZooKeeperCoordination coordination =
        ZooKeeperCoordination.open("127.0.0.1:" + server.port(), "test");
    BlockingQueue<Connection> states = new LinkedBlockingQueue<>();
    coordination.watchConnection(states::add);
    while (Await.next(states) != Connection.CONNECTED) {
      // what came before
    }
    return coordination;
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
    server.close();
  }

  @Test
  void oneOfTwoWritersWinsAndTheOtherIsShownWhatStandsThere() throws Exception {
    ServiceRecord first = ServiceRecord.first("test", "app", "a", Durability.REPLICATION);
    assertThat(Await.result(one.read("app"))).isEmpty();

    ServiceRecord created = written(Await.result(one.compareAndSet(0, first)));
    assertThat(created.version()).isEqualTo(1);
    assertThat(Await.result(other.compareAndSet(0, first)))
        .isEqualTo(new WriteResult.Conflict(created));

    ServiceRecord resumed = written(Await.result(other.compareAndSet(1, created.resumedBy("a"))));
    assertThat(resumed.version()).isEqualTo(2);
    assertThat(Await.result(one.compareAndSet(1, created)))
        .isEqualTo(new WriteResult.Conflict(resumed));
    assertThat(Await.result(one.read("app"))).contains(resumed);
  }

  @Test
  void everyAgentSeesEachChange() throws Exception {
    BlockingQueue<ServiceRecord> seen = new LinkedBlockingQueue<>();
    other.watch("app", seen::add);
    ServiceRecord created =
        written(
            Await.result(
                one.compareAndSet(0, ServiceRecord.first("test", "app", "a", Durability.REQUEST))));
    assertThat(Await.next(seen)).isEqualTo(created);
    ServiceRecord changed = written(Await.result(one.compareAndSet(1, created.resumedBy("a"))));
    assertThat(Await.next(seen)).isEqualTo(changed);
  }

  @Test
  void anAgentIsKnownUntilItsSessionEnds() throws Exception {
    BlockingQueue<List<HostRecord>> seen = new LinkedBlockingQueue<>();
    one.watchHosts(seen::add);
    HostRecord host = new HostRecord("b", "h:1", "h:2", "http://h:3");
    Await.result(other.register(host));
    await(seen, List.of(host));
    other.close();
    await(seen, List.of());
  }

  private static void await(BlockingQueue<List<HostRecord>> seen, List<HostRecord> wanted)
      throws InterruptedException {
    while (!Await.next(seen).equals(wanted)) {
      // what came before
    }
  }

  private static ServiceRecord written(WriteResult result) {
    assertThat(result).isInstanceOf(WriteResult.Written.class);
    return ((WriteResult.Written) result).record();
  }
}
