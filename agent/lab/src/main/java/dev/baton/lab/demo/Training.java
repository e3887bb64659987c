package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// A short demo in which an agent takes over, gives back and follows, and from whose record the
/// start-up cache of all agents is made.
public final class Training {
  /// The only agent that is a standby, takes over, is home, is left, and follows anew.
  private static final String TRAINED = "b";

  private static final Duration LENGTH = Duration.ofSeconds(11);
  private static final List<String> FAULTS = List.of("kill-database:a@2s", "switchover@8s");
  private static final int CLIENTS = 8;
  private static final long THINK_MICROS = 0;
  private static final int PORT_ATTEMPTS = 50;

  private final Path directory;
  private final PrintWriter out;

  /// @param directory made anew, reachable by the databases' user, and left to the caller
  public Training(Path directory, PrintWriter out) {
    this.directory = directory;
    this.out = out;
  }

  /// @param cache made or replaced
  /// @param onExit keeps what it is given as long as the demo lasts, to end it when the process is
  ///   told to end
  /// @throws IOException when the demo or the cache did not come about
  public void make(Path cache, Function<Runnable, AutoCloseable> onExit) throws Exception {
    DemoOptions options =
        new DemoOptions(
            directory,
            freePorts(),
            LENGTH,
            CLIENTS,
            TRAINED,
            Workload.MIXED,
            THINK_MICROS,
            Durability.REPLICATION,
            true,
            FAULTS.stream().map(FaultOrder::parse).toList(),
            null,
            null);
    Path record = directory.resolveSibling(directory.getFileName() + "-record").resolve("agent");
    Files.createDirectories(record.getParent());
    try (Demo demo =
            new Demo(
                options,
                out,
                host -> host.name().equals(TRAINED) ? StartupCache.recording(record) : List.of());
        AutoCloseable _ = onExit.apply(demo::close)) {
      demo.start();
      demo.run();
    }
    if (!Files.isRegularFile(record)) {
      throw new IOException("the agent has left no record of what it ran");
    }
    StartupCache.make(record, DemoCluster.AGENT_JVM, cache);
  }

  /// First of as many free ports in a row as a demo takes. Others may take them meanwhile: then the
  /// training fails, and can be done again.
  private static int freePorts() throws IOException {
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      int first;
      try (ServerSocket any = new ServerSocket(0)) {
        first = any.getLocalPort();
      }
      if (first + DemoHost.HIGHEST_OFFSET <= 65_535 && areFree(first)) {
        return first;
      }
    }
    throw new IOException("found no " + DemoHost.HIGHEST_OFFSET + " free ports in a row");
  }

  private static boolean areFree(int first) {
    for (int port = first; port <= first + DemoHost.HIGHEST_OFFSET; port++) {
      try (ServerSocket free = new ServerSocket(port)) {
        free.setReuseAddress(false);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
