package dev.baton.model.view;

import dev.baton.model.DrillKind;
import org.jspecify.annotations.Nullable;

/// Body of `POST /v1/drills`: a drill is planned, which changes nothing.
///
/// @param expirySeconds after which what was done is taken back by itself, 5 to 600; null: 60
public record DrillRequest(DrillKind kind, String service, @Nullable Integer expirySeconds) {}
