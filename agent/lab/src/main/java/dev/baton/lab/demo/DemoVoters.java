package dev.baton.lab.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The demo's coordination: a server on each of three hosts, each a process. One that is killed is
/// started again, as a service manager would; two are a majority meanwhile.
final class DemoVoters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoVoters.class);
  private static final List<String> JVM =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(6);

  private final DemoFiles files;
  private final Map<String, ChildProcess> running = new ConcurrentHashMap<>();
  private volatile boolean closing;

  DemoVoters(DemoFiles files) {
    this.files = files;
  }

  void start() throws IOException {
    for (DemoHost host : files.voters()) {
      start(host);
    }
  }

  private synchronized void start(DemoHost host) throws IOException {
    if (closing) {
      return;
    }
    ChildProcess started =
        ChildProcess.start(
            "coordination " + host.name(),
            host.coordinationLog(),
            JVM,
            DemoCluster.MAIN,
            arguments(host));
    running.put(host.name(), started);
    started
        .process()
        .onExit()
        .thenAcceptAsync(ended -> ended(host, ended.exitValue()), Thread::startVirtualThread);
  }

  private List<String> arguments(DemoHost host) {
    List<String> arguments = new ArrayList<>();
    arguments.add("coordination");
    arguments.addAll(List.of("--dir", host.folder().resolve("coordination").toString()));
    arguments.addAll(List.of("--listen", host.address()));
    arguments.addAll(List.of("--port", Integer.toString(host.coordinationPort())));
    arguments.addAll(List.of("--id", Integer.toString(host.index() + 1)));
    arguments.addAll(
        List.of(
            "--voters",
            files.voters().stream().map(DemoHost::voterAddress).collect(Collectors.joining(","))));
    if (host.tls()) {
      arguments.addAll(List.of("--certificate", host.certificate().toString()));
      arguments.addAll(List.of("--key", host.privateKey().toString()));
      arguments.addAll(List.of("--ca", files.authorityCertificate().toString()));
    }
    return arguments;
  }

  private void ended(DemoHost host, int status) {
    if (closing) {
      return;
    }
    LOG.warn("coordination server {} ended with status {}, starting it again", host.name(), status);
    LockSupport.parkNanos(RESTART_PAUSE.toNanos());
    try {
      start(host);
    } catch (IOException e) {
      LOG.error("coordination server {} cannot be started: {}", host.name(), e.getMessage());
    }
  }

  /// @throws IOException when that host has none
  long id(String host) throws IOException {
    ChildProcess voter = running.get(host);
    if (voter == null) {
      throw new IOException("host " + host + " has no coordination server");
    }
    return voter.id();
  }

  List<Long> ids() {
    return running.values().stream().map(ChildProcess::id).toList();
  }

  List<Path> logs() {
    return files.voters().stream().map(DemoHost::coordinationLog).toList();
  }

  @Override
  public void close() {
    synchronized (this) {
      closing = true;
    }
    running.values().forEach(voter -> voter.stop(STOP_BOUND));
  }
}
