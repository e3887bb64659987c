package dev.baton.service.monitor;

import java.util.Map;

/// What was counted at one moment. Rates come from two of them.
///
/// @param atNanos `System.nanoTime()` of it
/// @param cpuBusy ticks of all cores that were not idle, since boot
/// @param cpuTotal ticks of all cores, since boot
/// @param agentCpuNanos CPU time of each process of the agent's tree that is no database's, by
///   process id
/// @param databaseCpuNanos of each process of the local instances, by process id
/// @param diskReadBytes of all physical disks, since boot
record Counters(
    long atNanos,
    long cpuBusy,
    long cpuTotal,
    Map<Long, Long> agentCpuNanos,
    Map<Long, Long> databaseCpuNanos,
    long memoryUsedBytes,
    long memoryTotalBytes,
    long agentResidentBytes,
    long diskReadBytes,
    long diskWriteBytes,
    double loadAverage) {}
