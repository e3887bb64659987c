package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/// All processes of one data directory's server, whoever started them, the orphans of a killed main
/// process among them: every process of a server works in the data directory and runs `postgres`.
/// Sessions and process groups do not tell, since each backend opens its own. Needs `/proc`.
public final class ServerProcesses {
  private static final Path PROC = Path.of("/proc");
  private static final Duration KILL_BOUND = Duration.ofSeconds(10);
  private static final Duration KILL_INTERVAL = Duration.ofMillis(1);

  private ServerProcesses() {}

  /// Ids of the processes that live now; a process that has ended and waits to be collected does
  /// not count.
  public static List<Long> of(Path dataDirectory) throws IOException {
    Path directory = real(dataDirectory);
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (worksIn(process, directory) && runsServer(process)) {
          found.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return found;
  }

  /// Id of the main process; empty when none runs.
  public static OptionalLong main(Path dataDirectory) {
    return PostmasterFile.read(dataDirectory)
        .filter(file -> isServerOf(file.processId(), dataDirectory))
        .map(file -> OptionalLong.of(file.processId()))
        .orElse(OptionalLong.empty());
  }

  /// SIGKILL to all of them until none lives. The main process goes first, so that it starts no
  /// more; a process that was just forked is met in the next round.
  ///
  /// @throws IOException when one still lives after 10 seconds (it hangs in the kernel)
  public static void kill(Path dataDirectory) throws IOException {
    main(dataDirectory).ifPresent(process -> Signals.send(process, Signals.KILL));
    long deadline = System.nanoTime() + KILL_BOUND.toNanos();
    List<Long> alive = of(dataDirectory);
    while (!alive.isEmpty()) {
      alive.forEach(process -> Signals.send(process, Signals.KILL));
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "processes " + alive + " of " + dataDirectory + " do not end after SIGKILL");
      }
      LockSupport.parkNanos(KILL_INTERVAL.toNanos());
      alive = of(dataDirectory);
    }
  }

  /// Whether this id, as a file left behind may name it, belongs to the server and not to another
  /// process that has got the id since.
  static boolean isServerOf(long processId, Path dataDirectory) {
    Path process = PROC.resolve(Long.toString(processId));
    try {
      return worksIn(process, real(dataDirectory)) && runsServer(process);
    } catch (IOException e) {
      return false;
    }
  }

  /// True when the process is stopped by a signal (state `T`), or traced.
  static boolean isStopped(long processId) {
    try {
      // proc(5): the state follows the name, which stands in parentheses and may contain any text
      String stat = Files.readString(PROC.resolve(processId + "/stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state == 'T' || state == 't';
    } catch (IOException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  private static Path real(Path dataDirectory) throws IOException {
    try {
      return dataDirectory.toRealPath();
    } catch (NoSuchFileException e) {
      return dataDirectory.toAbsolutePath();
    }
  }

  private static boolean worksIn(Path process, Path directory) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(directory);
    } catch (IOException | SecurityException e) {
      return false; // ended meanwhile, or another user's, which no server of ours is
    }
  }

  private static boolean runsServer(Path process) {
    try {
      String program = Files.readSymbolicLink(process.resolve("exe")).getFileName().toString();
      return program.equals("postgres") || program.equals("postgres (deleted)");
    } catch (IOException | SecurityException e) {
      return false;
    }
  }
}
