package dev.baton.model.view;

import org.jspecify.annotations.Nullable;

/// Body of `POST /v1/drills/{id}/abort`.
///
/// @param reason kept in the report
public record DrillAbortRequest(@Nullable String reason) {}
