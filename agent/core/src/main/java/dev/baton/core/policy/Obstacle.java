package dev.baton.core.policy;

import org.jspecify.annotations.Nullable;

/// What stands in the way of a move, with the live figure and what removes it.
///
/// @param host the target that it rules out; null when it rules out every target
/// @param waivable announced maintenance moves past it: better a busy or weaker home than none
public record Obstacle(
    String name,
    @Nullable String host,
    String value,
    String threshold,
    String remedy,
    boolean waivable) {

  static Obstacle firm(
      String name, @Nullable String host, String value, String threshold, String remedy) {
    return new Obstacle(name, host, value, threshold, remedy, false);
  }

  static Obstacle waivable(
      String name, @Nullable String host, String value, String threshold, String remedy) {
    return new Obstacle(name, host, value, threshold, remedy, true);
  }

  boolean stops(@Nullable Need need) {
    return need != Need.MAINTENANCE || !waivable;
  }

  @Override
  public String toString() {
    return (host == null ? "" : host + ": ")
        + name
        + " is "
        + value
        + " (wanted: "
        + threshold
        + ")";
  }
}
