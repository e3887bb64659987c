package dev.baton.core.policy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What was measured of one host.
///
/// @param answers false when its agent has not been heard for seconds; the rest is old then
/// @param load null when it was not measured yet
/// @param configuration null when it is not known yet
/// @param maintenance announced for this host; null when none is
public record HostFacts(
    String host,
    boolean answers,
    @Nullable Load load,
    @Nullable Configuration configuration,
    @Nullable Maintenance maintenance) {

  /// @param cpuPercent of all cores, 0 to 100
  /// @param memoryPercent of all memory that is not available, 0 to 100
  public record Load(double cpuPercent, double memoryPercent) {
    double busiest() {
      return Math.max(cpuPercent, memoryPercent);
    }
  }

  /// Hardware and software.
  ///
  /// @param cores that the agent and its database may use
  /// @param databaseVersion as numbers that can be compared, like 18.4
  public record Configuration(
      int cores, long memoryBytes, long diskFreeBytes, String databaseVersion) {}

  /// @param until null: open end
  public record Maintenance(Instant from, @Nullable Instant until, String why) {
    /// It rules a host out, and moves its services away, so long before.
    static final long LEAD_SECONDS = 300;

    /// True from some minutes before its beginning to its end.
    boolean isNearAt(Instant now) {
      boolean over = until != null && !now.isBefore(until);
      return !over && !now.isBefore(from.minusSeconds(LEAD_SECONDS));
    }
  }
}
