package dev.baton.model.view;

import dev.baton.model.MoveKind;
import org.jspecify.annotations.Nullable;

/// Body of `POST /v1/plans`.
///
/// @param kind null: a switchover when the source answers, else a failover
/// @param target null: the best standby
public record PlanRequest(
    String service, @Nullable MoveKind kind, @Nullable String target, @Nullable String reason) {}
