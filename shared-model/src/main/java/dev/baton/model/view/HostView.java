package dev.baton.model.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/hosts`: one host, its agent, what runs on it and how loaded it is.
///
/// @param agent `up` or `unreachable`
/// @param clientAddress where clients connect, `host:port`
/// @param controlUrl base of its control interface
public record HostView(
    String name,
    String agent,
    @Nullable String clientAddress,
    String controlUrl,
    List<InstanceView> instances,
    @Nullable LoadView load,
    @Nullable ConfigurationView configuration,
    int clients,
    Instant measuredAt) {

  /// @param role `primary`, `standby`, `down` or `seeding`
  public record InstanceView(
      String service, String role, String version, int port, @Nullable Long processId) {}

  /// @param cpuPercent of all cores of the host, 0 to 100
  /// @param processCpuPercent of the agent and its instances' processes, of all cores
  /// @param databaseCpuPercent of its instances' processes, of all cores
  /// @param diskWriteBytesPerSecond of the whole host
  public record LoadView(
      double cpuPercent,
      double processCpuPercent,
      double databaseCpuPercent,
      long memoryUsedBytes,
      long memoryTotalBytes,
      long agentResidentBytes,
      long diskReadBytesPerSecond,
      long diskWriteBytesPerSecond,
      double loadAverage) {

    /// As if the agent and its instances were all that runs on the host.
    public LoadView ofProcessesAlone() {
      return new LoadView(
          processCpuPercent,
          processCpuPercent,
          databaseCpuPercent,
          memoryUsedBytes,
          memoryTotalBytes,
          agentResidentBytes,
          diskReadBytesPerSecond,
          diskWriteBytesPerSecond,
          loadAverage);
    }
  }

  public record ConfigurationView(
      String operatingSystem, String processor, int cores, long memoryBytes, long diskFreeBytes) {}
}
