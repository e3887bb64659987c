package dev.baton.engine.postgres.instance;

import dev.baton.core.engine.Harm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Signals to a server's processes, each confirmed by what `/proc` says of them.
public final class InstanceHarm implements Harm {
  private static final Duration SIGNAL_BOUND = Duration.ofSeconds(5);
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Path dataDirectory;
  private final Supplier<OptionalLong> mainProcess;

  public InstanceHarm(Path dataDirectory) {
    this(dataDirectory, () -> ServerProcesses.main(dataDirectory));
  }

  /// @param mainProcess its id, asked each time; empty when none runs
  public InstanceHarm(Path dataDirectory, Supplier<OptionalLong> mainProcess) {
    this.dataDirectory = dataDirectory;
    this.mainProcess = mainProcess;
  }

  @Override
  public String kill() throws IOException {
    long main = main();
    send(main, Signals.KILL);
    await(SIGNAL_BOUND, "process " + main + " lives on", () -> isGone(main));
    return "the main process " + main + " was killed";
  }

  /// The main process first; what it has forked until then is found by looking again.
  @Override
  public String freeze() throws IOException {
    long main = main();
    if (ServerProcesses.of(dataDirectory).isEmpty()) {
      throw new IOException("no server runs in " + dataDirectory);
    }
    send(main, Signals.STOP);
    await(
        SIGNAL_BOUND,
        "not every process of " + dataDirectory + " is stopped",
        () -> (isStopped(main) || isGone(main)) && allStopped());
    return ServerProcesses.of(dataDirectory).size() + " processes were stopped by a signal";
  }

  /// Tells those that run still to stop; true when there was none.
  private boolean allStopped() throws IOException {
    List<Long> running =
        ServerProcesses.of(dataDirectory).stream()
            .filter(each -> !isStopped(each) && !isGone(each))
            .toList();
    running.forEach(process -> Signals.send(process, Signals.STOP));
    return running.isEmpty();
  }

  @Override
  public String stop() throws IOException {
    long main = main();
    send(main, Signals.INTERRUPT);
    await(STOP_BOUND, "process " + main + " does not end", () -> isGone(main));
    return "the server was stopped in order";
  }

  @Override
  public String heal() throws IOException {
    List<Long> stopped = new ArrayList<>();
    for (long process : ServerProcesses.of(dataDirectory)) {
      if (isStopped(process)) {
        stopped.add(process);
      }
    }
    stopped.forEach(process -> Signals.send(process, Signals.CONTINUE));
    await(
        SIGNAL_BOUND,
        "processes " + stopped + " are still stopped",
        () -> stopped.stream().noneMatch(InstanceHarm::isStopped));
    return stopped.isEmpty() ? "nothing had to be taken back" : stopped.size() + " processes go on";
  }

  private long main() throws IOException {
    return mainProcess
        .get()
        .orElseThrow(() -> new IOException("no server runs in " + dataDirectory));
  }

  private static void send(long process, int signal) throws IOException {
    if (!Signals.send(process, signal)) {
      throw new IOException("process " + process + " takes no signal");
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Duration bound, String otherwise, Condition condition)
      throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(otherwise + " after " + bound.toSeconds() + " s");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /// A process that has ended, and whose parent has not collected it yet, is gone too.
  public static boolean isGone(long processId) {
    char state = state(processId);
    return state == 'Z' || state == 'X' || state == 0;
  }

  public static boolean isStopped(long processId) {
    return state(processId) == 'T';
  }

  /// The state's letter in `/proc`, 0 when there is no such process.
  private static char state(long processId) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(processId), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException | IndexOutOfBoundsException e) {
      return 0;
    }
  }
}
