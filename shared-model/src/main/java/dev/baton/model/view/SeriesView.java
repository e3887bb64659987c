package dev.baton.model.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/history-series`: one figure over time, as one agent measured it.
///
/// @param host whose agent measured
/// @param service that it is of; null: of the host
/// @param name such as `latencyP99`
/// @param unit `ms`, `bytes/s`, `percent`, `/s` or empty for a number of things
/// @param from time of the first value
/// @param stepSeconds between two values; beyond a minute each is the mean of its step
/// @param values the oldest first; null where nothing was measured
public record SeriesView(
    String host,
    @Nullable String service,
    String name,
    String unit,
    Instant from,
    int stepSeconds,
    List<@Nullable Double> values) {}
