package dev.baton.model.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Body of `POST /v1/maintenance/{host}`.
///
/// @param from null: now
/// @param until null: open end, until somebody ends it; now or earlier: it is ended
/// @param why for those who see it
public record MaintenanceRequest(
    @Nullable Instant from, @Nullable Instant until, @Nullable String why) {}
