package dev.baton.model.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// `GET /v1/maintenance`: maintenance that was announced for a host. Services leave it some minutes
/// before, and none comes to it until the end.
///
/// @param version rises with each change; of two the higher counts
/// @param until null: open end
/// @param announcedBy who announced, changed or ended it
public record MaintenanceView(
    String host,
    long version,
    Instant from,
    @Nullable Instant until,
    String why,
    String announcedBy) {
  public boolean isOverAt(Instant now) {
    return until != null && !now.isBefore(until);
  }
}
