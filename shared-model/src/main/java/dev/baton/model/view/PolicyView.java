package dev.baton.model.view;

import dev.baton.model.MovePolicy;
import java.time.Instant;

/// `GET /v1/policies`: one service's policy, and who set it when.
///
/// @param changedBy empty for the default, which nobody has changed
public record PolicyView(String service, MovePolicy policy, String changedBy, Instant changedAt) {}
