package dev.baton.service.monitor;

import dev.baton.model.view.HostView.ConfigurationView;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/// Linux: a dozen small files under `/proc`, far cheaper than any library. Numbers of fields are
/// those of proc(5).
final class ProcGauges implements Gauges {
  private static final long SECTOR_BYTES = 512;

  /// USER_HZ, which is 100 on every Linux that Java runs on.
  private static final long TICK_NANOS = 10_000_000;

  /// A tree that is larger than this is measured in part: a bound on what measuring may cost.
  private static final int MAX_PROCESSES = 5_000;

  private final Path proc;
  private final Path sys;
  private final long self;

  ProcGauges(Path proc, Path sys, long self) {
    this.proc = proc;
    this.sys = sys;
    this.self = self;
  }

  @Override
  public Counters read(Processes processes) throws IOException {
    long[] cpu = cpu();
    long[] memory = memory();
    long[] disk = disk();
    Set<Long> seen = new HashSet<>();
    Map<Long, Long> databases = tree(processes.databases(), seen);
    Set<Long> agent = new HashSet<>(processes.others());
    agent.add(self);
    return new Counters(
        System.nanoTime(),
        cpu[0],
        cpu[1],
        tree(agent, seen),
        databases,
        memory[0],
        memory[1],
        resident(),
        disk[0],
        disk[1],
        loadAverage());
  }

  /// First line of `stat`: user, nice, system, idle, iowait, irq, softirq, steal; what follows is
  /// contained in user.
  private long[] cpu() throws IOException {
    StringTokenizer line = new StringTokenizer(firstLine(proc.resolve("stat")));
    line.nextToken();
    long busy = 0;
    long total = 0;
    for (int field = 0; field < 8 && line.hasMoreTokens(); field++) {
      long ticks = Long.parseLong(line.nextToken());
      total += ticks;
      busy += field == 3 || field == 4 ? 0 : ticks;
    }
    return new long[] {busy, total};
  }

  private long[] memory() throws IOException {
    long total = 0;
    long available = 0;
    for (String line : Files.readAllLines(proc.resolve("meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        total = kibibytes(line);
      } else if (line.startsWith("MemAvailable:")) {
        available = kibibytes(line);
        break;
      }
    }
    return new long[] {total - available, total};
  }

  private long resident() throws IOException {
    for (String line : Files.readAllLines(proc.resolve(self + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return kibibytes(line);
      }
    }
    throw new IOException(proc.resolve(self + "/status") + " has no VmRSS");
  }

  private static long kibibytes(String line) {
    StringTokenizer words = new StringTokenizer(line);
    words.nextToken();
    return Long.parseLong(words.nextToken()) * 1024;
  }

  /// Physical disks only: partitions, loops and device mappers would count the same bytes again.
  private long[] disk() throws IOException {
    long read = 0;
    long written = 0;
    for (String line : Files.readAllLines(proc.resolve("diskstats"))) {
      String[] fields = line.strip().split("\\s+", 11);
      if (fields.length > 10 && Files.exists(sys.resolve("block/" + fields[2] + "/device"))) {
        read += Long.parseLong(fields[5]);
        written += Long.parseLong(fields[9]);
      }
    }
    return new long[] {read * SECTOR_BYTES, written * SECTOR_BYTES};
  }

  private double loadAverage() throws IOException {
    return Double.parseDouble(new StringTokenizer(firstLine(proc.resolve("loadavg"))).nextToken());
  }

  /// @param seen processes that were counted already, and are not counted again
  private Map<Long, Long> tree(Set<Long> roots, Set<Long> seen) throws IOException {
    Map<Long, Long> nanos = new HashMap<>();
    Deque<Long> toVisit = new ArrayDeque<>();
    roots.stream().filter(seen::add).forEach(toVisit::add);
    while (!toVisit.isEmpty() && nanos.size() < MAX_PROCESSES) {
      long process = toVisit.remove();
      try {
        nanos.put(process, processNanos(process));
        children(process, seen, toVisit);
      } catch (NoSuchFileException e) {
        // ended in the meantime: it takes its time along
      }
    }
    return nanos;
  }

  /// `utime` and `stime`, fields 14 and 15, counted from behind the name, which may hold anything.
  private long processNanos(long process) throws IOException {
    String line = firstLine(proc.resolve(process + "/stat"));
    StringTokenizer fields = new StringTokenizer(line.substring(line.lastIndexOf(')') + 1));
    for (int field = 3; field < 14; field++) {
      fields.nextToken();
    }
    return (Long.parseLong(fields.nextToken()) + Long.parseLong(fields.nextToken())) * TICK_NANOS;
  }

  private void children(long process, Set<Long> seen, Deque<Long> toVisit) throws IOException {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(proc.resolve(process + "/task"))) {
      for (Path task : tasks) {
        StringTokenizer children = new StringTokenizer(childrenOf(task));
        while (children.hasMoreTokens()) {
          long child = Long.parseLong(children.nextToken());
          if (seen.add(child)) {
            toVisit.add(child);
          }
        }
      }
    }
  }

  /// Empty where the kernel does not tell children, or the thread has ended.
  private static String childrenOf(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("children"));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static String firstLine(Path file) throws IOException {
    String text = Files.readString(file);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  @Override
  public ConfigurationView configuration(long diskFreeBytes) {
    return new ConfigurationView(
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        processor(),
        Runtime.getRuntime().availableProcessors(),
        memoryTotal(),
        diskFreeBytes);
  }

  private String processor() {
    try {
      return Files.readAllLines(proc.resolve("cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private long memoryTotal() {
    try {
      return memory()[1];
    } catch (IOException e) {
      return 0;
    }
  }
}
