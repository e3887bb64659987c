package dev.baton.core.drill;

/// What the driver of a drill tells.
public sealed interface DrillEvent {
  /// The harm was done, or could not be.
  record Harmed(boolean applied, String what) implements DrillEvent {}

  /// A move of the service has ended, whichever.
  record MoveEnded(DrillState.Move move, long epoch) implements DrillEvent {}

  /// What was left of the harm was taken back, or could not be.
  record Healed(boolean done, String what) implements DrillEvent {}

  /// How the service stands.
  record Standing(String home, boolean isProtected) implements DrillEvent {}

  /// Somebody breaks it off.
  record AbortAsked(String actor, String reason) implements DrillEvent {}

  /// Time has passed.
  record Tick() implements DrillEvent {}
}
