package dev.baton.console.model;

/// How much something calls for attention. Shown by shape and word, and by colour only when it is
/// not normal.
public enum Severity {
  NORMAL,
  INFO,
  WARNING,
  CRITICAL,
  MAINTENANCE;

  public Severity worse(Severity other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
