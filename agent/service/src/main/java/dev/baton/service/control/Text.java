package dev.baton.service.control;

/// What came from outside, made fit for a message or a log line.
final class Text {
  private static final int MAX_CHARS = 120;

  private Text() {}

  /// Without control characters, which could forge lines of a log, and cut to a bounded length.
  static String printable(String foreign) {
    String cut = foreign.length() > MAX_CHARS ? foreign.substring(0, MAX_CHARS) + "…" : foreign;
    StringBuilder clean = new StringBuilder(cut.length());
    cut.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
