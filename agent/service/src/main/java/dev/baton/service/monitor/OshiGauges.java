package dev.baton.service.monitor;

import dev.baton.model.view.HostView.ConfigurationView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.software.os.OSProcess;

/// Every other system, through OSHI.
final class OshiGauges implements Gauges {
  private final SystemInfo system = new SystemInfo();
  private final CentralProcessor processor = system.getHardware().getProcessor();
  private final GlobalMemory memory = system.getHardware().getMemory();
  private final ProcessHandle self = ProcessHandle.current();

  @Override
  public Counters read(Processes processes) {
    long[] ticks = processor.getSystemCpuLoadTicks();
    long total = Arrays.stream(ticks).sum();
    long idle = ticks[TickType.IDLE.getIndex()] + ticks[TickType.IOWAIT.getIndex()];
    long read = 0;
    long written = 0;
    for (HWDiskStore disk : system.getHardware().getDiskStores()) {
      read += disk.getReadBytes();
      written += disk.getWriteBytes();
    }
    OSProcess agent = system.getOperatingSystem().getProcess((int) self.pid());
    Map<Long, Long> databases = nanos(trees(processes.databases()));
    double load = processor.getSystemLoadAverage(1)[0];
    return new Counters(
        System.nanoTime(),
        total - idle,
        total,
        agent(processes, databases),
        databases,
        memory.getTotal() - memory.getAvailable(),
        memory.getTotal(),
        agent == null ? 0 : agent.getResidentMemory(),
        read,
        written,
        Math.max(0, load)); // negative where a system has none
  }

  private Map<Long, Long> agent(Processes processes, Map<Long, Long> databases) {
    Map<Long, Long> nanos =
        nanos(
            Stream.concat(
                Stream.concat(Stream.of(self), self.descendants()), trees(processes.others())));
    nanos.keySet().removeAll(databases.keySet());
    return nanos;
  }

  private static Stream<ProcessHandle> trees(Set<Long> roots) {
    return roots.stream()
        .flatMap(root -> ProcessHandle.of(root).stream())
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()));
  }

  private static Map<Long, Long> nanos(Stream<ProcessHandle> processes) {
    Map<Long, Long> nanos = new HashMap<>();
    processes.forEach(
        process ->
            process
                .info()
                .totalCpuDuration()
                .ifPresent(time -> nanos.put(process.pid(), time.toNanos())));
    return nanos;
  }

  @Override
  public ConfigurationView configuration(long diskFreeBytes) {
    return new ConfigurationView(
        system.getOperatingSystem().toString(),
        processor.getProcessorIdentifier().getName(),
        processor.getLogicalProcessorCount(),
        memory.getTotal(),
        diskFreeBytes);
  }
}
