package dev.baton.model.view;

import java.time.Instant;
import java.util.List;

/// `GET /v1/status`: the cluster as one agent knows it.
///
/// @param host the agent that answers
/// @param coordination connection to the coordination service: `connected`, `suspended` or `lost`
/// @param alarms that stand now, the oldest first
public record StatusView(
    String cluster,
    String host,
    String version,
    String coordination,
    List<ServiceView> services,
    List<HostView> hosts,
    List<AlarmView> alarms,
    Instant measuredAt) {}
