package dev.baton.service.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.model.view.HostView.LoadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMonitorTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private static Counters counters(
      long seconds, long busy, long total, Map<Long, Long> processes, long read, long written) {
    return new Counters(
        seconds * 1_000_000_000L,
        busy,
        total,
        processes,
        Map.of(9L, seconds * 100_000_000L),
        10,
        100,
        7,
        read,
        written,
        0.5);
  }

  @Test
  void aLoadIsWhatHappenedBetweenTwoReadings() {
    LoadView load =
        Load.between(
            counters(10, 1_000, 9_000, Map.of(1L, 5_000_000_000L, 2L, 1_000_000_000L), 1_000, 50),
            counters(12, 1_100, 9_400, Map.of(1L, 6_000_000_000L, 3L, 500_000_000L), 5_000, 50),
            4);
    assertThat(load.cpuPercent()).isCloseTo(25, within(1e-9));
    // one second of process 1 and half of the new one, of 2 seconds of 4 cores
    assertThat(load.processCpuPercent()).isCloseTo(18.75 + 2.5, within(1e-9));
    assertThat(load.databaseCpuPercent()).isCloseTo(2.5, within(1e-9));
    assertThat(load.ofProcessesAlone().cpuPercent()).isEqualTo(load.processCpuPercent());
    assertThat(load.diskReadBytesPerSecond()).isEqualTo(2_000);
    assertThat(load.diskWriteBytesPerSecond()).isZero();
    assertThat(load.memoryUsedBytes()).isEqualTo(10);
  }

  @Test
  void countersThatGoBackAreNoLoad() {
    LoadView load =
        Load.between(
            counters(10, 1_000, 9_000, Map.of(1L, 5_000_000_000L), 9_000, 9_000),
            counters(11, 900, 8_900, Map.of(1L, 1_000_000_000L), 8_000, 8_000),
            2);
    assertThat(load.cpuPercent()).isZero();
    assertThat(load.processCpuPercent()).isEqualTo(load.databaseCpuPercent());
    assertThat(load.diskReadBytesPerSecond()).isZero();
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void process(long pid, String name, long utime, long stime, String children)
      throws IOException {
    write(
        "proc/" + pid + "/stat",
        pid + " (" + name + ") S 1 1 1 0 -1 0 0 0 0 0 " + utime + " " + stime + " 0 0 20 0\n");
    write("proc/" + pid + "/task/" + pid + "/children", children);
  }

  @Test
  void readsLinuxAsItIsWritten() throws IOException {
    write("proc/stat", "cpu  10 1 5 80 4 1 2 3 50 0\ncpu0 1 1 1 1\n");
    write("proc/meminfo", "MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 400 kB\n");
    write("proc/loadavg", "1.25 1.00 0.50 2/300 4711\n");
    write(
        "proc/diskstats",
        """
           8       0 sda 10 0 100 0 20 0 200 0 0 0 0
           8       1 sda1 10 0 100 0 20 0 200 0 0 0 0
         253       0 dm-0 10 0 100 0 20 0 200 0 0 0 0
        """);
    Files.createDirectories(folder.resolve("sys/block/sda/device"));
    write("proc/50/status", "Name: java\nVmRSS:\t  120 kB\n");
    process(50, "java", 100, 20, "51 60 ");
    process(51, "sh (odd) name", 5, 5, "");
    process(60, "postgres", 7, 3, "61 62 ");
    process(61, "postgres: writer", 1, 0, "");
    process(70, "other", 0, 1, "");
    Counters counters =
        new ProcGauges(folder.resolve("proc"), folder.resolve("sys"), 50)
            .read(new Gauges.Processes(Set.of(60L, 99L), Set.of(70L)));
    assertThat(counters.cpuTotal()).isEqualTo(106);
    assertThat(counters.cpuBusy()).isEqualTo(22);
    assertThat(counters.memoryUsedBytes()).isEqualTo(600 * 1024);
    assertThat(counters.agentResidentBytes()).isEqualTo(120 * 1024);
    assertThat(counters.diskReadBytes()).isEqualTo(100 * 512);
    assertThat(counters.diskWriteBytes()).isEqualTo(200 * 512);
    assertThat(counters.loadAverage()).isEqualTo(1.25);
    assertThat(counters.agentCpuNanos())
        .as("what the agent has started and is a database's is not counted twice")
        .isEqualTo(Map.of(50L, 1_200_000_000L, 51L, 100_000_000L, 70L, 10_000_000L));
    assertThat(counters.databaseCpuNanos()).isEqualTo(Map.of(60L, 100_000_000L, 61L, 10_000_000L));
  }

  @Test
  void measuresThisHost() {
    HostMonitor monitor = monitor();
    monitor.measure();
    HostMonitor.Measurement first = Objects.requireNonNull(monitor.last());
    assertThat(first.load()).isNull();
    assertThat(first.configuration().cores()).isPositive();
    assertThat(first.configuration().diskFreeBytes()).isPositive();
    monitor.measure();
    HostMonitor.Measurement second = Objects.requireNonNull(monitor.last());
    assertThat(second.measuredAt()).isEqualTo(CLOCK.instant());
    LoadView load = Objects.requireNonNull(second.load());
    assertThat(load.cpuPercent()).isBetween(0.0, 100.0);
    assertThat(load.processCpuPercent()).isBetween(0.0, 100.0);
    assertThat(load.agentResidentBytes()).isBetween(10L << 20, load.memoryTotalBytes());
    assertThat(load.memoryUsedBytes()).isBetween(1L << 20, load.memoryTotalBytes());
    monitor.close();
  }

  @Test
  void aHostMayBeItsProcessesAlone() throws IOException {
    write("proc/stat", "cpu  10 0 0 90 0 0 0 0 0 0\n");
    write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 400 kB\n");
    write("proc/loadavg", "1.25 1.00 0.50 2/300 4711\n");
    write("proc/diskstats", "");
    write("proc/50/status", "VmRSS: 120 kB\n");
    process(50, "java", 0, 0, "");
    process(70, "other", 0, 0, "");
    Path listed = folder.resolve("processes");
    ProcGauges gauges = new ProcGauges(folder.resolve("proc"), folder.resolve("sys"), 50);
    try (HostMonitor monitor = new HostMonitor(gauges, folder, Set::of, listed, CLOCK)) {
      monitor.measure();
      process(70, "other", 1_000_000, 0, "");
      monitor.measure();
      assertThat(load(monitor).cpuPercent()).as("it is not listed").isZero();
      Files.writeString(listed, "70\n\n");
      monitor.measure();
      assertThat(load(monitor).processCpuPercent()).isEqualTo(100);
      assertThat(load(monitor).cpuPercent()).isEqualTo(100);
    }
  }

  private static LoadView load(HostMonitor monitor) {
    return Objects.requireNonNull(Objects.requireNonNull(monitor.last()).load());
  }

  private HostMonitor monitor() {
    Gauges gauges =
        Files.isReadable(Path.of("/proc/meminfo"))
            ? new ProcGauges(Path.of("/proc"), Path.of("/sys"), ProcessHandle.current().pid())
            : new OshiGauges();
    return new HostMonitor(gauges, folder.resolve("not/there/yet"), Set::of, null, CLOCK);
  }

  @Test
  void bothWaysOfMeasuringAgree() throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/meminfo")), "compares with Linux's /proc");
    long self = ProcessHandle.current().pid();
    Gauges.Processes processes = new Gauges.Processes(Set.of(), Set.of());
    Counters proc = new ProcGauges(Path.of("/proc"), Path.of("/sys"), self).read(processes);
    Counters oshi = new OshiGauges().read(processes);
    assertThat(oshi.memoryTotalBytes()).isEqualTo(proc.memoryTotalBytes());
    assertThat((double) oshi.agentResidentBytes())
        .isCloseTo((double) proc.agentResidentBytes(), within(0.5 * proc.agentResidentBytes()));
    assertThat(oshi.agentCpuNanos()).containsKey(self);
    assertThat(proc.agentCpuNanos()).containsKey(self);
  }

  @Test
  void aFailureLeavesTheLastMeasurementToGrowOld() {
    HostMonitor monitor =
        new HostMonitor(
            new ProcGauges(folder.resolve("none"), folder.resolve("none"), 1),
            folder,
            Set::of,
            null,
            CLOCK);
    monitor.measure();
    assertThat(monitor.last()).isNull();
    monitor.close();
  }
}
