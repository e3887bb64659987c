package dev.baton.engine.postgres.session;

/// Values and names as parts of a command. All are byte strings.
final class SqlText {
  private SqlText() {}

  /// Means the same whatever `standard_conforming_strings` is.
  static String literal(String value) {
    String doubled = value.replace("'", "''");
    return value.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\") + "'";
  }

  static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
