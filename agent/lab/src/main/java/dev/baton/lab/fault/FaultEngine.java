package dev.baton.lab.fault;

import dev.baton.engine.postgres.instance.InstanceHarm;
import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.engine.postgres.instance.Signals;
import dev.baton.model.MoveKind;
import dev.baton.model.view.PolicyRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies one fault at a time to a running demo and verifies its effect.
public final class FaultEngine {
  private static final Logger LOG = LoggerFactory.getLogger(FaultEngine.class);
  private static final Duration KILL_BOUND = Duration.ofSeconds(5);
  private static final Duration REJOIN_BOUND = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(2);
  private static final Duration AGENT_PAUSE = Duration.ofMillis(700);
  private static final Duration AGENT_FREEZE = Duration.ofSeconds(15);
  private static final Duration COORDINATION_LOSS = Duration.ofSeconds(8);
  private static final Duration CUT_LENGTH = Duration.ofSeconds(8);

  private final Path directory;
  private final Cluster cluster;
  private final NeedFaults needs;

  /// What the engine needs of the cluster's own interfaces.
  public interface Cluster {
    /// Plans and runs a move, and returns when it has ended.
    ///
    /// @return whether it was done
    boolean move(String service, MoveKind kind) throws IOException, InterruptedException;

    /// Whether a standby is in sync now.
    boolean isProtected(String service) throws IOException, InterruptedException;

    /// The agent on this host is about to be killed, or stopped for long.
    void agentGoes(String host);

    /// As `agentGoes`; and the host is to stay down for a while.
    void hostGoes(String host);

    /// Process id of the coordination server of this host.
    ///
    /// @throws IOException when the host has none
    long voter(String host) throws IOException;

    /// Process ids of every coordination server.
    List<Long> voters();

    /// Drops everything on ways of a host.
    ///
    /// @return how many connections that concerns
    /// @throws IOException when the cluster's processes are connected directly
    int cut(Cut cut, String host) throws IOException;

    /// Opens them again.
    void mend(Cut cut, String host) throws IOException;

    void policy(String service, PolicyRequest change) throws IOException, InterruptedException;

    /// Announces maintenance of a host from now on, or ends it.
    void announce(String host, boolean begins) throws IOException, InterruptedException;

    String home(String service) throws IOException, InterruptedException;

    /// File that lists the processes that count to this host, beside its agent and database.
    Path processes(String host);
  }

  public FaultEngine(Path directory, Cluster cluster) {
    this.directory = directory;
    this.cluster = cluster;
    this.needs = new NeedFaults(cluster);
  }

  /// @param begunNanos when the load began
  public FaultReport apply(FaultOrder order, long begunNanos) throws InterruptedException {
    double atSeconds = (System.nanoTime() - begunNanos) / 1e9;
    String host = String.valueOf(order.host());
    boolean applied = false;
    try {
      DemoFile demo = DemoFile.read(directory);
      Map.Entry<String, DemoFile.Service> first = demo.services().entrySet().iterator().next();
      if (order.host() == null) {
        host = first.getValue().home();
      }
      applied = apply(order.kind(), first.getKey(), host, demo.host(host));
    } catch (IOException e) {
      LOG.warn("fault {} could not be applied: {}", order, e.getMessage());
    }
    LOG.info("fault {} on host {} applied={}", order.kind(), host, applied);
    return new FaultReport(order.kind().toString(), host, atSeconds, applied);
  }

  private boolean apply(FaultKind kind, String service, String host, DemoFile.Host target)
      throws IOException, InterruptedException {
    return switch (kind) {
      case KILL_DATABASE -> done(harm(target).kill());
      case FREEZE_DATABASE -> done(harm(target).freeze());
      case STOP_DATABASE -> done(harm(target).stop());
      case KILL_AGENT -> {
        cluster.agentGoes(host);
        yield kill(List.of(target.agentPid()));
      }
      case FREEZE_AGENT -> pause(List.of(target.agentPid()), AGENT_FREEZE);
      case PAUSE_AGENT -> pause(List.of(target.agentPid()), AGENT_PAUSE);
      case KILL_HOST -> {
        cluster.hostGoes(host);
        yield kill(processes(host, target));
      }
      case FREEZE_HOST -> {
        cluster.agentGoes(host);
        yield pause(processes(host, target), AGENT_FREEZE);
      }
      case KILL_VOTER -> kill(List.of(cluster.voter(host)));
      case LOSE_COORDINATION -> pause(cluster.voters(), COORDINATION_LOSS);
      case CUT_PEER -> cut(Cut.DATABASES, host);
      case CUT_PEERS -> cut(Cut.PEERS, host);
      case CUT_TO_PEERS -> cut(Cut.TO_PEERS, host);
      case CUT_FROM_PEERS -> cut(Cut.FROM_PEERS, host);
      case CUT_COORDINATION -> cut(Cut.COORDINATION, host);
      case ISOLATE_HOST -> cut(Cut.EVERYTHING, host);
      case CUT_CLIENTS -> cut(Cut.CLIENTS, host);
      case SWITCHOVER -> cluster.move(service, MoveKind.SWITCHOVER);
      case FAILOVER -> cluster.move(service, MoveKind.FAILOVER);
      case REJOIN -> awaitProtection(service);
      case OVERLOAD -> needs.overload(service, host);
      case DEGRADE -> needs.degrade(service, host, target);
      case MAINTENANCE -> needs.maintenance(service, host);
    };
  }

  private boolean cut(Cut cut, String host) throws IOException, InterruptedException {
    try {
      boolean any = cluster.cut(cut, host) > 0;
      rest(CUT_LENGTH);
      return any;
    } finally {
      cluster.mend(cut, host);
    }
  }

  /// What a drill in production would do, too.
  private static InstanceHarm harm(DemoFile.Host host) throws IOException {
    String dataDirectory = host.dataDirectory();
    Long postmaster = host.postmasterPid();
    if (dataDirectory == null || postmaster == null) {
      throw new IOException("its database does not run");
    }
    return new InstanceHarm(Path.of(dataDirectory), () -> OptionalLong.of(postmaster));
  }

  private static boolean done(String what) {
    LOG.info("{}", what);
    return true;
  }

  /// All that runs on a host: its agent first, so that it sees nothing of the others' end.
  private List<Long> processes(String host, DemoFile.Host target) throws IOException {
    List<Long> all = new ArrayList<>();
    all.add(target.agentPid());
    all.add(cluster.voter(host));
    if (target.dataDirectory() != null) {
      all.addAll(ServerProcesses.of(Path.of(target.dataDirectory())));
    }
    return all;
  }

  private static boolean kill(List<Long> processes) throws InterruptedException {
    boolean sent = Signals.send(processes.getFirst(), Signals.KILL);
    for (long each : processes.subList(1, processes.size())) {
      Signals.send(each, Signals.KILL); // it may have ended with the first
    }
    return sent && await(KILL_BOUND, () -> processes.stream().allMatch(InstanceHarm::isGone));
  }

  /// One that ends by itself meanwhile was stopped before.
  private static boolean pause(List<Long> processes, Duration length) throws InterruptedException {
    try {
      for (long each : processes) {
        if (!Signals.send(each, Signals.STOP) && !InstanceHarm.isGone(each)) {
          return false;
        }
      }
      BooleanSupplier stopped =
          () ->
              processes.stream()
                  .allMatch(each -> InstanceHarm.isStopped(each) || InstanceHarm.isGone(each));
      boolean all = await(KILL_BOUND, stopped);
      rest(length);
      return all && stopped.getAsBoolean();
    } finally {
      processes.forEach(each -> Signals.send(each, Signals.CONTINUE));
    }
  }

  private boolean awaitProtection(String service) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + REJOIN_BOUND.toNanos();
    while (!cluster.isProtected(service)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      rest(Duration.ofMillis(100));
    }
    return true;
  }

  private static boolean await(Duration bound, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      rest(POLL);
    }
    return true;
  }

  private static void rest(Duration duration) throws InterruptedException {
    long deadline = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
