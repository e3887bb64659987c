package dev.baton.lab.history;

/// What a client was told of a write.
public enum Told {
  DONE,
  /// Rolled back: it must never be seen.
  FAILED,
  /// Nothing: it may be there or not, and may come to be there at any later time.
  NOTHING
}
