package dev.baton.service.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.Coordination.Connection;
import dev.baton.core.cluster.Coordination.WriteResult;
import dev.baton.core.cluster.HostRecord;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.model.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The record is changed by compare-and-set only, and every agent sees each change.
@Timeout(60)
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
    Connection state;
    do {
      state = states.poll(20, TimeUnit.SECONDS);
    } while (state != null && state != Connection.CONNECTED);
    assertThat(state).isEqualTo(Connection.CONNECTED);
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
    assertThat(get(one.read("app"))).isEmpty();

    ServiceRecord created = written(get(one.compareAndSet(0, first)));
    assertThat(created.version()).isEqualTo(1);
    assertThat(get(other.compareAndSet(0, first))).isEqualTo(new WriteResult.Conflict(created));

    ServiceRecord resumed = written(get(other.compareAndSet(1, created.resumedBy("a"))));
    assertThat(resumed.version()).isEqualTo(2);
    assertThat(get(one.compareAndSet(1, created))).isEqualTo(new WriteResult.Conflict(resumed));
    assertThat(get(one.read("app"))).contains(resumed);
  }

  @Test
  void everyAgentSeesEachChange() throws Exception {
    BlockingQueue<ServiceRecord> seen = new LinkedBlockingQueue<>();
    other.watch("app", seen::add);
    ServiceRecord created =
        written(
            get(one.compareAndSet(0, ServiceRecord.first("test", "app", "a", Durability.REQUEST))));
    assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(created);
    ServiceRecord changed = written(get(one.compareAndSet(1, created.resumedBy("a"))));
    assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(changed);
  }

  @Test
  void anAgentIsKnownUntilItsSessionEnds() throws Exception {
    BlockingQueue<List<HostRecord>> seen = new LinkedBlockingQueue<>();
    one.watchHosts(seen::add);
    HostRecord host = new HostRecord("b", "h:1", "h:2", "http://h:3");
    get(other.register(host));
    await(seen, List.of(host));
    other.close();
    await(seen, List.of());
  }

  private static void await(BlockingQueue<List<HostRecord>> seen, List<HostRecord> wanted)
      throws InterruptedException {
    List<HostRecord> last;
    do {
      last = seen.poll(20, TimeUnit.SECONDS);
    } while (last != null && !last.equals(wanted));
    assertThat(last).isEqualTo(wanted);
  }

  private static ServiceRecord written(WriteResult result) {
    assertThat(result).isInstanceOf(WriteResult.Written.class);
    return ((WriteResult.Written) result).record();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
