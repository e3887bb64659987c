package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.baton.engine.postgres.instance.InstanceHarm;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveView;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What harms a database and leaves everything else as it was comes to one cluster, one after the
/// other; each under a load of its own, with real drivers at the other host's agent, whose clients
/// go on, on the same connections.
@Timeout(300)
class FaultsIT {
  private static LastingCluster cluster;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    cluster = LastingCluster.start(folder);
  }

  @AfterAll
  static void end() throws Exception {
    cluster.close();
  }

  /// Claims 1, 7 to 10, 17, 19, 20.
  @Test
  void aKilledDatabaseIsNotNoticed() throws Exception {
    MoveView move = survived((_, home) -> new InstanceHarm(home.dataDirectory()).kill());
    assertThat(move.kind()).isEqualTo(MoveKind.FAILOVER);
    assertThat(move.reason()).contains("has ended");
    assertThat(cluster.requestsPurged()).as("the log covers most requests").isPositive();
    assertThat(cluster.replicationBytesForwarded()).isPositive();
  }

  /// Claims 9, 10, 18: a server that is silent is left, and those who wait are kept alive.
  @Test
  void aFrozenDatabaseIsLeftAndItsClientsAreKeptAlive() throws Exception {
    MoveView move = survived((_, home) -> new InstanceHarm(home.dataDirectory()).freeze());
    assertThat(move.kind()).isEqualTo(MoveKind.FAILOVER);
    assertThat(move.keepAlivesSent()).isPositive();
  }

  /// Claims 11 and 21.
  @Test
  void aDatabaseThatIsStoppedInOrderIsLeft() throws Exception {
    MoveView move = survived((_, home) -> new InstanceHarm(home.dataDirectory()).stop());
    assertThat(move.kind()).isEqualTo(MoveKind.FAILOVER);
    assertThat(move.reason()).contains("stops the server in order");
  }

  @Test
  void aSwitchoverIsNotNoticed() throws Exception {
    MoveView move =
        survived((whole, _) -> whole.control().move(DemoFiles.SERVICE, MoveKind.SWITCHOVER));
    assertThat(move.kind()).isEqualTo(MoveKind.SWITCHOVER);
  }

  private static MoveView survived(LastingCluster.Fault fault) throws Exception {
    MoveView move = cluster.survive(fault);
    assertThat(move.outcome()).isEqualTo("done");
    assertThat(move.clientsHeld()).isPositive();
    assertThat(move.phases().stream().mapToDouble(MoveView.PhaseView::millis).sum())
        .as("phases add up")
        .isCloseTo(move.totalMillis(), within(5.0));
    return move;
  }
}
