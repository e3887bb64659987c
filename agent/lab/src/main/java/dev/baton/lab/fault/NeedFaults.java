package dev.baton.lab.fault;

import dev.baton.engine.postgres.instance.InstanceHarm;
import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.PolicyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Faults that break nothing and are a need to move: load, a configuration that gets worse,
/// announced maintenance. What follows is the policy's business; each is ended when the home has
/// gone elsewhere, or after a bound.
final class NeedFaults {
  /// Quick enough to be watched.
  private static final PolicyRequest QUICK =
      new PolicyRequest(null, Mode.AUTOMATIC, 50.0, 30.0, 2L, 10.0, 5L, null, null, null, null);

  /// A host with fewer cores is busier too; here its configuration alone is to be the reason.
  private static final PolicyRequest LOAD_APART =
      new PolicyRequest(null, Mode.AUTOMATIC, 100.0, 99.0, 2L, 100.0, 5L, null, null, null, null);

  private static final Duration MOVE_BOUND = Duration.ofSeconds(25);
  private static final long POLL_MILLIS = 100;
  private static final String FIRST_CORE = "0";

  private final FaultEngine.Cluster cluster;

  NeedFaults(FaultEngine.Cluster cluster) {
    this.cluster = cluster;
  }

  /// As many processes as there are cores do nothing, as fast as they can, on behalf of the host.
  ///
  /// @return whether they ran until the end
  boolean overload(String service, String host) throws IOException, InterruptedException {
    cluster.policy(service, QUICK);
    List<Process> burning = new ArrayList<>();
    Path processes = cluster.processes(host);
    try {
      for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
        burning.add(new ProcessBuilder("/bin/sh", "-c", "while :; do :; done").start());
      }
      Files.writeString(
          processes,
          burning.stream()
              .map(each -> Long.toString(each.pid()))
              .collect(Collectors.joining("\n", "", "\n")));
      awaitLeft(service, host);
      return burning.stream().allMatch(Process::isAlive);
    } finally {
      burning.forEach(Process::destroyForcibly);
      Files.deleteIfExists(processes);
    }
  }

  /// All that runs on the host has but one core of the machine from now on.
  ///
  /// @return whether that took hold
  boolean degrade(String service, String host, DemoFile.Host target)
      throws IOException, InterruptedException {
    cluster.policy(service, LOAD_APART);
    List<Long> processes = new ArrayList<>();
    processes.add(target.agentPid());
    processes.addAll(ServerProcesses.of(Path.of(String.valueOf(target.dataDirectory()))));
    for (long process : processes) {
      if (!confine(process)) {
        return false;
      }
    }
    awaitLeft(service, host);
    return true;
  }

  /// util-linux; a process that ended meanwhile needs no confining.
  private static boolean confine(long process) throws IOException, InterruptedException {
    Process taskset =
        new ProcessBuilder("taskset", "-a", "-p", "-c", FIRST_CORE, Long.toString(process))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return (taskset.waitFor(10, TimeUnit.SECONDS) && taskset.exitValue() == 0)
        || InstanceHarm.isGone(process);
  }

  /// @return whether the announcement was taken and could be ended again
  boolean maintenance(String service, String host) throws IOException, InterruptedException {
    cluster.policy(service, QUICK);
    cluster.announce(host, true);
    awaitLeft(service, host);
    cluster.announce(host, false);
    return true;
  }

  private void awaitLeft(String service, String host) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + MOVE_BOUND.toNanos();
    while (cluster.home(service).equals(host) && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
    }
  }
}
