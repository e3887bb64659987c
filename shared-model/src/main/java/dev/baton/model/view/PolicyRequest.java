package dev.baton.model.view;

import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.MovePolicy.Window;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Body of `POST /v1/policies/{service}`: what is left out stays as it is.
///
/// @param version that the caller has seen; refused when the policy has changed since. Null: any
public record PolicyRequest(
    @Nullable Long version,
    @Nullable Mode mode,
    @Nullable Double highPercent,
    @Nullable Double lowPercent,
    @Nullable Long sustainSeconds,
    @Nullable Double minGainPercent,
    @Nullable Long minSecondsBetweenMoves,
    @Nullable Long maxLagBytes,
    @Nullable Double maxRiskSeconds,
    @Nullable List<String> preferred,
    @Nullable List<Window> windows) {

  /// Changes nothing.
  public static final PolicyRequest NOTHING =
      new PolicyRequest(null, null, null, null, null, null, null, null, null, null, null);

  /// @throws IllegalArgumentException saying which value is out of its bounds
  public MovePolicy applyTo(MovePolicy before) {
    return new MovePolicy(
        before.version() + 1,
        Objects.requireNonNullElse(mode, before.mode()),
        Objects.requireNonNullElse(highPercent, before.highPercent()),
        Objects.requireNonNullElse(lowPercent, before.lowPercent()),
        Objects.requireNonNullElse(sustainSeconds, before.sustainSeconds()),
        Objects.requireNonNullElse(minGainPercent, before.minGainPercent()),
        Objects.requireNonNullElse(minSecondsBetweenMoves, before.minSecondsBetweenMoves()),
        Objects.requireNonNullElse(maxLagBytes, before.maxLagBytes()),
        Objects.requireNonNullElse(maxRiskSeconds, before.maxRiskSeconds()),
        Objects.requireNonNullElse(preferred, before.preferred()),
        Objects.requireNonNullElse(windows, before.windows()));
  }
}
