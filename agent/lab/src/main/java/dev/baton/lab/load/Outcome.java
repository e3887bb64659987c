package dev.baton.lab.load;

/// What a client knows of a transaction of its own.
public enum Outcome {
  /// It was never told: the connection broke, or it is under way.
  IN_DOUBT,
  ACKNOWLEDGED,
  ROLLED_BACK
}
