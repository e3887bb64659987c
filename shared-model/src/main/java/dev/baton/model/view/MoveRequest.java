package dev.baton.model.view;

import org.jspecify.annotations.Nullable;

/// Body of `POST /v1/moves`.
///
/// @param plan id of the plan to run
/// @param confirmation what the plan asks the operator to type; null when it asks for nothing
/// @param reason kept in the history
public record MoveRequest(String plan, @Nullable String confirmation, @Nullable String reason) {}
