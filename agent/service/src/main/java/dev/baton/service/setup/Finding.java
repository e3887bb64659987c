package dev.baton.service.setup;

/// One thing that a doctor has looked at.
///
/// @param subject what was looked at: `configuration`, `port 6432`
/// @param found what is there, as a sentence
/// @param remedy how to mend it; empty for what is well
record Finding(Verdict verdict, String subject, String found, String remedy) {
  enum Verdict {
    OK,
    /// It works, and somebody should see to it.
    WARNING,
    /// It does not work.
    WRONG
  }

  static Finding ok(String subject, String found) {
    return new Finding(Verdict.OK, subject, found, "");
  }

  static Finding warning(String subject, String found, String remedy) {
    return new Finding(Verdict.WARNING, subject, found, remedy);
  }

  static Finding wrong(String subject, String found, String remedy) {
    return new Finding(Verdict.WRONG, subject, found, remedy);
  }
}
