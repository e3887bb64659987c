package dev.baton.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.lab.load.Load;
import dev.baton.lab.load.Schema;
import dev.baton.lab.load.Workload;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.ServiceView;
import dev.baton.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A cluster of processes that lives through one fault after the other, each under a load of its
/// own, whose clients are at the agent of the host that is to take over.
final class LastingCluster implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final int CLIENTS = 6;
  private static final long THINK_MICROS = 1_000;

  /// Acknowledged transactions before a fault, and after a move.
  private static final int PROGRESS = 300;

  private final DemoFiles files;
  private final DemoCluster cluster;
  private final MemoryCounters counters = new MemoryCounters();
  private int ledgers;

  private LastingCluster(DemoFiles files) {
    this.files = files;
    this.cluster = new DemoCluster(files, _ -> StartupCache.inUse());
  }

  @FunctionalInterface
  interface Fault {
    /// @param home whose service is to be moved
    void apply(DemoCluster cluster, DemoHost home) throws Exception;
  }

  /// @param folder where everything lives
  static LastingCluster start(Path folder) throws IOException, InterruptedException {
    LastingCluster started = new LastingCluster(DemoFiles.create(SmallDemo.quiet(folder)));
    try {
      started.cluster.start();
      started.cluster.prepareDatabase(BOUND);
      return started;
    } catch (IOException | InterruptedException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /// The one move that the fault leads to, of which clients notice nothing.
  MoveView survive(Fault fault) throws Exception {
    ServiceView before = cluster.awaitProtected(BOUND);
    String standby = before.standbys().getFirst().host();
    long last = newest().map(MoveView::id).orElse(0L);
    Load load = begin(before.home(), standby);
    counters.see(cluster.control().memory());
    fault.apply(cluster, files.host(before.home()));
    Await.until(
        "a move has ended",
        () -> newest().filter(m -> m.id() > last && !m.outcome().equals("running")).isPresent());
    awaitProgress(load);
    assertThat(load.stop(BOUND)).as("every client has its answer").isTrue();
    counters.see(cluster.control().memory());

    Verification.Result result = Verification.run(cluster, load, null);
    assertThat(result.words()).isEmpty();
    assertThat(load.tally().errors()).isZero();
    assertThat(load.tally().reconnects()).isZero();
    assertThat(result.lost() + result.duplicated() + result.rowsDiffering()).isZero();
    assertThat(result.rowsCompared()).isPositive();

    List<MoveView> since =
        cluster.control().moves().stream().filter(move -> move.id() > last).toList();
    assertThat(since).hasSize(1);
    assertThat(since.getFirst().source()).isEqualTo(before.home());
    assertThat(since.getFirst().target()).isEqualTo(standby);
    return since.getFirst();
  }

  private Load begin(String home, String front) throws Exception {
    try (Connection admin = cluster.admin(home, DemoFiles.DATABASE)) {
      Schema.clear(admin); // the check knows nothing of the ledgers of an earlier load
    }
    Load load =
        new Load(
            new Load.Settings(
                files.jdbcUrls(List.of(front)),
                DemoFiles.USER,
                DemoFiles.PASSWORD,
                CLIENTS,
                Workload.LEDGER,
                THINK_MICROS,
                ledgers,
                false));
    ledgers += CLIENTS;
    load.start();
    awaitProgress(load);
    return load;
  }

  private static void awaitProgress(Load load) {
    long enough = load.tally().acknowledged() + PROGRESS;
    Await.until("clients go on", () -> load.tally().acknowledged() >= enough);
  }

  private Optional<MoveView> newest() throws IOException, InterruptedException {
    return cluster.control().moves().stream().findFirst();
  }

  /// Requests that the log has covered, in all memories so far.
  long requestsPurged() {
    return counters.sum(MemoryView::requestsPurged);
  }

  long replicationBytesForwarded() {
    return counters.sum(MemoryView::replicationBytesForwarded);
  }

  @Override
  public void close() throws IOException {
    cluster.close();
    files.close();
  }
}
