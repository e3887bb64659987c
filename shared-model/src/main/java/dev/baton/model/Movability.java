package dev.baton.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// Whether a session could be moved now.
///
/// @param movable true when a move now would restore all of it
/// @param whenPlanned true when a planned move would; more than in a failover, since the session's
///   own backend can still be asked for what lies on it alone
/// @param reason why not; null when movable
/// @param remedy what the application or the operator can do about it; null when movable
public record Movability(
    boolean movable, boolean whenPlanned, @Nullable String reason, @Nullable String remedy) {
  public static final Movability MOVABLE = new Movability(true, true, null, null);

  /// An agent of an earlier version does not tell `whenPlanned`.
  @JsonCreator
  static Movability of(
      @JsonProperty("movable") boolean movable,
      @JsonProperty("whenPlanned") @Nullable Boolean whenPlanned,
      @JsonProperty("reason") @Nullable String reason,
      @JsonProperty("remedy") @Nullable String remedy) {
    return new Movability(movable, whenPlanned == null ? movable : whenPlanned, reason, remedy);
  }

  public static Movability not(String reason, String remedy) {
    return new Movability(false, false, reason, remedy);
  }

  /// A failover would end the session.
  public static Movability onlyPlanned(String reason, String remedy) {
    return new Movability(false, true, reason, remedy);
  }
}
