package dev.baton.console.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a change would do, told before it is made.
///
/// @param effects what would be different and what would follow, the change itself first
/// @param typed what must be typed to confirm; null: the button is enough
/// @param obstacle why it cannot be made now, in words; null when it can
public record ChangePlan(List<Effect> effects, @Nullable String typed, @Nullable String obstacle) {

  /// One consequence and how much it calls for attention.
  public record Effect(Severity severity, String text) {}

  /// Why it cannot be made, given what has been typed.
  public Optional<String> obstacle(String confirmation, String toType) {
    if (obstacle != null) {
      return Optional.of(obstacle);
    }
    return typed == null || typed.equals(confirmation.strip())
        ? Optional.empty()
        : Optional.of(toType);
  }
}
