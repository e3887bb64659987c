package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Feature;
import dev.baton.engine.postgres.session.Script.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Splits a text into its statements as the server's own lexer would, and says of what kind each
/// is. Knows quotes, escape strings, dollar quotes, nested comments, parentheses and the bodies of
/// SQL-standard functions; a text that ends within one of them is the server's to refuse.
final class StatementScanner {
  /// More words than these are never needed to tell a statement's kind.
  private static final int MAX_WORDS = 5;

  private final String sql;
  private final boolean backslashEscapes;
  private final List<Statement> statements = new ArrayList<>(1);

  private int at;
  private int start;
  private int parentheses;
  private int blocks;
  private List<String> words = new ArrayList<>(MAX_WORDS);
  private Set<Feature> features = Set.of();
  private boolean anything;
  private boolean concurrently;
  private boolean tablespace;
  private boolean afterInto;

  private StatementScanner(String sql, boolean backslashEscapes) {
    this.sql = sql;
    this.backslashEscapes = backslashEscapes;
  }

  /// @param sql byte string in an encoding whose bytes below 128 are ASCII
  /// @param standardConformingStrings as the server reported it
  static Script scan(String sql, boolean standardConformingStrings) {
    return new StatementScanner(sql, !standardConformingStrings).scan();
  }

  private Script scan() {
    int length = sql.length();
    while (at < length) {
      step(sql.charAt(at));
    }
    end(length);
    return new Script(List.copyOf(statements));
  }

  private void step(char c) {
    if (isWordStart(c)) {
      word();
      return;
    }
    switch (c) {
      case '\'' -> quoted('\'', backslashEscapes);
      case '"' -> quoted('"', false);
      case '$' -> dollar();
      case '-' -> dash();
      case '/' -> slash();
      case '(' -> {
        parentheses++;
        anything = true;
        at++;
      }
      case ')' -> {
        parentheses = Math.max(0, parentheses - 1);
        at++;
      }
      case ';' -> {
        if (parentheses == 0 && blocks == 0) {
          end(at);
          start = at + 1;
        }
        at++;
      }
      case ' ', '\t', '\n', '\r', '\f', 0x0B -> at++;
      default -> {
        anything = true;
        at++;
      }
    }
  }

  private void word() {
    int from = at;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    anything = true;
    char next = at < sql.length() ? sql.charAt(at) : 0;
    if (next == '\'' && at - from == 1 && (sql.charAt(from) | 0x20) == 'e') {
      quoted('\'', true);
      return;
    }
    if (words.size() < MAX_WORDS) {
      words.add(sql.substring(from, at).toUpperCase(Locale.ROOT));
    }
    notice(from);
    afterInto = is(from, "into");
  }

  /// What matters wherever it stands in a statement.
  private void notice(int from) {
    switch (sql.charAt(from) | 0x20) {
      case 'p' -> {
        if (begins(from, "pg_advisory_lock")
            || begins(from, "pg_try_advisory_lock")
            || begins(from, "pg_advisory_unlock")) {
          feature(Feature.ADVISORY_LOCK);
        } else if (is(from, "pg_temp")) {
          feature(Feature.TEMPORARY);
        }
      }
      case 's' -> {
        if (is(from, "set_config")) {
          feature(Feature.SET_CONFIG);
        }
      }
      case 't' -> {
        if ((is(from, "temp") || is(from, "temporary")) && (afterInto || first("CREATE"))) {
          feature(Feature.TEMPORARY);
        }
        tablespace |= is(from, "tablespace");
      }
      case 'r' -> {
        if (is(from, "returning") && words.getFirst().equals("INSERT")) {
          feature(Feature.GENERATED);
        }
      }
      case 'n' -> {
        if (is(from, "nextval")) {
          feature(Feature.GENERATED);
        }
      }
      case 'h' -> {
        if (is(from, "hold") && words.getFirst().equals("DECLARE")) {
          feature(Feature.HOLD);
        }
      }
      case 'c' -> {
        concurrently |= is(from, "concurrently");
        if (is(from, "chain") && words.size() < MAX_WORDS && !words.contains("NO")) {
          feature(Feature.CHAIN);
        }
        if (blocks > 0 && is(from, "case")) {
          blocks++;
        }
      }
      case 'b' -> {
        if (is(from, "begin") && createsRoutine()) {
          blocks++;
        }
      }
      case 'e' -> {
        if (blocks > 0 && is(from, "end")) {
          blocks--;
        }
      }
      default -> {
        // no word of interest
      }
    }
  }

  private boolean first(String word) {
    return !words.isEmpty() && words.size() < MAX_WORDS && words.getFirst().equals(word);
  }

  private boolean createsRoutine() {
    if (words.isEmpty() || !words.getFirst().equals("CREATE")) {
      return false;
    }
    int routine = words.size() > 1 && words.get(1).equals("OR") ? 3 : 1;
    return words.size() > routine
        && (words.get(routine).equals("FUNCTION") || words.get(routine).equals("PROCEDURE"));
  }

  private boolean is(int from, String word) {
    return at - from == word.length() && sql.regionMatches(true, from, word, 0, word.length());
  }

  private boolean begins(int from, String words) {
    return at - from >= words.length() && sql.regionMatches(true, from, words, 0, words.length());
  }

  private void feature(Feature feature) {
    if (features.isEmpty()) {
      features = EnumSet.noneOf(Feature.class);
    }
    features.add(feature);
  }

  /// A doubled quote ends one quoted text and begins the next, which comes to the same.
  private void quoted(char quote, boolean escapes) {
    anything = true;
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == quote) {
        return;
      }
      if (c == '\\' && escapes) {
        at++;
      }
    }
  }

  /// `$tag$ … $tag$`, or a parameter.
  private void dollar() {
    anything = true;
    int tagEnd = at + 1;
    while (tagEnd < sql.length()
        && isWordPart(sql.charAt(tagEnd))
        && sql.charAt(tagEnd) != '$'
        && !(tagEnd == at + 1 && isDigit(sql.charAt(tagEnd)))) {
      tagEnd++;
    }
    if (tagEnd >= sql.length() || sql.charAt(tagEnd) != '$') {
      at++;
      return;
    }
    String tag = sql.substring(at, tagEnd + 1);
    int end = sql.indexOf(tag, tagEnd + 1);
    at = end < 0 ? sql.length() : end + tag.length();
  }

  private void dash() {
    if (!sql.startsWith("--", at)) {
      anything = true;
      at++;
      return;
    }
    while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
      at++;
    }
  }

  private void slash() {
    if (!sql.startsWith("/*", at)) {
      anything = true;
      at++;
      return;
    }
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < sql.length());
    at = Math.min(at, sql.length());
  }

  private void end(int to) {
    if (anything) {
      StatementKind kind = Kinds.of(words, concurrently, tablespace);
      statements.add(new Statement(kind, start, to, List.copyOf(words), features));
      words = new ArrayList<>(MAX_WORDS);
      features = Set.of();
    }
    anything = false;
    concurrently = false;
    tablespace = false;
    parentheses = 0;
    blocks = 0;
  }

  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// The kind by the leading words.
  private static final class Kinds {
    private Kinds() {}

    static StatementKind of(List<String> words, boolean concurrently, boolean tablespace) {
      String first = words.isEmpty() ? "" : words.getFirst();
      String second = words.size() > 1 ? words.get(1) : "";
      return switch (first) {
        case "BEGIN", "START" -> StatementKind.BEGIN;
        case "COMMIT" -> second.equals("PREPARED") ? StatementKind.TWO_PHASE : StatementKind.COMMIT;
        case "END" -> StatementKind.COMMIT;
        case "ROLLBACK" -> rollback(words, second);
        case "ABORT" -> StatementKind.ROLLBACK;
        case "SAVEPOINT", "RELEASE" -> StatementKind.SAVEPOINT;
        case "PREPARE" ->
            second.equals("TRANSACTION") ? StatementKind.TWO_PHASE : StatementKind.SESSION;
        case "SET",
            "RESET",
            "SHOW",
            "LISTEN",
            "UNLISTEN",
            "DEALLOCATE",
            "DECLARE",
            "CLOSE",
            "LOCK",
            "LOAD" ->
            StatementKind.SESSION;
        case "COPY" -> StatementKind.COPY;
        case "CALL", "DO" -> StatementKind.PROCEDURE;
        case "VACUUM", "REINDEX", "CLUSTER", "CHECKPOINT", "DISCARD" -> StatementKind.MAINTENANCE;
        case "CREATE", "DROP", "ALTER" -> definition(first, second, concurrently, tablespace);
        default -> StatementKind.WORK;
      };
    }

    private static StatementKind rollback(List<String> words, String second) {
      if (second.equals("PREPARED")) {
        return StatementKind.TWO_PHASE;
      }
      return words.contains("TO") ? StatementKind.SAVEPOINT : StatementKind.ROLLBACK;
    }

    private static StatementKind definition(
        String first, String second, boolean concurrently, boolean tablespace) {
      boolean alone =
          switch (second) {
            case "DATABASE" -> !first.equals("ALTER") || tablespace;
            case "TABLESPACE" -> !first.equals("ALTER");
            case "SUBSCRIPTION" -> true;
            default -> concurrently;
          };
      if (second.equals("SYSTEM")) {
        return StatementKind.MAINTENANCE;
      }
      return alone ? StatementKind.ALONE : StatementKind.WORK;
    }
  }
}
