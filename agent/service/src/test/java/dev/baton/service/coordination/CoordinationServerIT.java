package dev.baton.service.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.Coordination.Connection;
import dev.baton.core.cluster.Coordination.WriteResult;
import dev.baton.core.cluster.HostRecord;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.MoveKind;
import dev.baton.testing.Await;
import dev.baton.testing.FreePorts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server goes and comes back: what was written is there, and agents find their way back.
@Timeout(300)
class CoordinationServerIT {
  private static final ServiceRecord FIRST =
      ServiceRecord.first("c", "app", "a", Durability.REPLICATION);

  @TempDir Path directory;
  private CoordinationServer server;
  private ZooKeeperCoordination agent;
  private final BlockingQueue<Connection> states = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws Exception {
    server = CoordinationServer.open(directory, FreePorts.one());
    agent = ZooKeeperCoordination.open("127.0.0.1:" + server.port(), "c");
    agent.watchConnection(states::add);
    await(states, Connection.CONNECTED::equals);
  }

  @AfterEach
  void stop() {
    agent.close();
    server.close();
  }

  @Test
  void anAgentOutlivesARestartOfTheServerAndTheLossOfItsSession() throws Exception {
    BlockingQueue<ServiceRecord> seen = new LinkedBlockingQueue<>();
    BlockingQueue<List<HostRecord>> hosts = new LinkedBlockingQueue<>();
    agent.watch("app", seen::add);
    HostRecord host = new HostRecord("a", "h:1", "h:2", "http://h:3");
    Await.result(agent.register(host));
    ServiceRecord first = written(agent.compareAndSet(0, FIRST));
    await(seen, first::equals);

    int port = server.port();
    server.close();
    await(states, Connection.SUSPENDED::equals);
    await(states, Connection.LOST::equals);

    server = CoordinationServer.open(directory, port);
    await(states, Connection.CONNECTED::equals);
    ServiceRecord second = written(agent.compareAndSet(1, first.resumedBy("a")));
    await(seen, second::equals);
    agent.watchHosts(hosts::add);
    await(hosts, List.of(host)::equals);
  }

  @Test
  void keepsEveryFieldOfARecord() throws Exception {
    ServiceRecord full =
        FIRST
            .resumedBy("a")
            .opened(LogPosition.parse("16/B374D848"))
            .joining("b")
            .inSync("b")
            .withMove(
                new ServiceRecord.RunningMove(
                    1,
                    MoveKind.SWITCHOVER,
                    "a",
                    1,
                    "b",
                    "maintenance",
                    "someone",
                    LogPosition.parse("1/2")));
    written(agent.compareAndSet(0, full));
    assertThat(Await.result(agent.read("app"))).isEqualTo(Optional.of(full.withVersion(1)));
  }

  /// A move writes the record twice while clients wait. What slows every write shows in the
  /// quickest too, a busy machine does not.
  @Test
  void writesWithinAFewMilliseconds() throws Exception {
    ServiceRecord record = written(agent.compareAndSet(0, FIRST));
    int warmUp = 50;
    long[] micros = new long[200];
    for (int i = -warmUp; i < micros.length; i++) {
      long from = System.nanoTime();
      record = written(agent.compareAndSet(record.version(), record.resumedBy("a")));
      if (i >= 0) {
        micros[i] = (System.nanoTime() - from) / 1_000;
      }
    }
    Arrays.sort(micros);
    assertThat(micros[micros.length / 10])
        .as("of ten the quickest, in microseconds; the median was %d", micros[micros.length / 2])
        .isLessThan(50_000);
  }

  private static ServiceRecord written(CompletionStage<WriteResult> stage) throws Exception {
    WriteResult result = Await.result(stage);
    assertThat(result).isInstanceOf(WriteResult.Written.class);
    return ((WriteResult.Written) result).record();
  }

  private static <T> void await(BlockingQueue<T> told, Predicate<T> wanted)
      throws InterruptedException {
    while (!wanted.test(Await.next(told))) {
      // what came before
    }
  }
}
