package dev.baton.core.engine;

/// One thing that was looked at before an existing instance is protected.
///
/// @param what was looked at: `archive_mode`, `replication slots`
/// @param where it stands: a setting, a database, a file and its line
/// @param found what is there, as a sentence
/// @param remedy how to mend it; empty for what passes
public record Finding(Severity severity, String what, String where, String found, String remedy) {
  /// The gravest first.
  public enum Severity {
    /// The instance is not taken over while this stands.
    BLOCKS,
    /// It is taken over; something works otherwise than before, or has to be seen to.
    WARNS,
    PASSES
  }

  public static Finding blocks(String what, String where, String found, String remedy) {
    return new Finding(Severity.BLOCKS, what, where, found, remedy);
  }

  public static Finding warns(String what, String where, String found, String remedy) {
    return new Finding(Severity.WARNS, what, where, found, remedy);
  }

  public static Finding passes(String what, String where, String found) {
    return new Finding(Severity.PASSES, what, where, found, "");
  }
}
