package dev.baton.model;

import org.jspecify.annotations.Nullable;

/// Whether a session could be moved now.
///
/// @param movable true when a move now would restore all of it
/// @param reason why not; null when movable
/// @param remedy what the application or the operator can do about it; null when movable
public record Movability(boolean movable, @Nullable String reason, @Nullable String remedy) {
  public static final Movability MOVABLE = new Movability(true, null, null);

  public static Movability not(String reason, String remedy) {
    return new Movability(false, reason, remedy);
  }
}
