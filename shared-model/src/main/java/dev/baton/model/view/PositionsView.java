package dev.baton.model.view;

import dev.baton.model.LogPosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/positions`: for each standby the ladder of positions from the home's current end of log
/// down to what the standby has replayed.
public record PositionsView(
    String service,
    String home,
    long epoch,
    long timeline,
    LogPosition current,
    List<StandbyPositions> standbys,
    Instant measuredAt) {

  public record StandbyPositions(String host, List<Rung> rungs) {}

  /// @param name `sent`, `received`, `in memory`, `relayed`, `flushed` or `replayed`
  /// @param lagBytes behind the home's current position
  /// @param lagMillis age of the first byte that this rung does not have yet; null when unknown
  public record Rung(
      String name, LogPosition position, long lagBytes, @Nullable Double lagMillis) {}
}
