package dev.baton.engine.postgres.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The tokens of one statement with their places in it, blanks and comments left out. As strict as
/// a rewriting needs, and no more: operators come as single characters.
final class SqlTokens {
  enum Kind {
    WORD,
    QUOTED_NAME,
    STRING,
    NUMBER,
    PARAMETER,
    SYMBOL
  }

  /// @param from offset of its first character
  /// @param to offset after its last one
  record Token(Kind kind, String text, int from, int to) {
    boolean is(String word) {
      return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean is(char symbol) {
      return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }

    boolean isName() {
      return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }

    /// As the server stores it.
    String name() {
      return kind == Kind.QUOTED_NAME
          ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
          : text.toLowerCase(Locale.ROOT);
    }
  }

  private final String sql;
  private final boolean backslashEscapes;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private SqlTokens(String sql, boolean backslashEscapes) {
    this.sql = sql;
    this.backslashEscapes = backslashEscapes;
  }

  /// @param sql byte string in an encoding whose bytes below 128 are ASCII
  /// @param backslashEscapes in strings without `E`
  static List<Token> of(String sql, boolean backslashEscapes) {
    SqlTokens scanner = new SqlTokens(sql, backslashEscapes);
    while (scanner.at < sql.length()) {
      scanner.next();
    }
    return scanner.tokens;
  }

  private void next() {
    char c = sql.charAt(at);
    if (c <= ' ') {
      at++;
    } else if (sql.startsWith("--", at)) {
      at = endOr(sql.indexOf('\n', at));
    } else if (sql.startsWith("/*", at)) {
      comment();
    } else if (isWordStart(c)) {
      word();
    } else if (isDigit(c)) {
      number();
    } else {
      switch (c) {
        case '\'' -> string(at, backslashEscapes);
        case '"' -> quotedName();
        case '$' -> dollar();
        default -> add(Kind.SYMBOL, at, at + 1);
      }
    }
  }

  private int endOr(int found) {
    return found < 0 ? sql.length() : found;
  }

  private void add(Kind kind, int from, int to) {
    tokens.add(new Token(kind, sql.substring(from, to), from, to));
    at = to;
  }

  private void comment() {
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
  }

  private void word() {
    int end = at;
    while (end < sql.length() && isWordPart(sql.charAt(end))) {
      end++;
    }
    boolean prefix = end - at == 1 && end < sql.length() && sql.charAt(end) == '\'';
    if (prefix && "eEbBxXnN".indexOf(sql.charAt(at)) >= 0) {
      int from = at;
      at = end;
      string(from, (sql.charAt(from) | 0x20) == 'e' || backslashEscapes);
    } else {
      add(Kind.WORD, at, end);
    }
  }

  private void number() {
    int end = at;
    while (end < sql.length() && (isWordPart(sql.charAt(end)) || sql.charAt(end) == '.')) {
      end++;
    }
    add(Kind.NUMBER, at, end);
  }

  private void string(int from, boolean escapes) {
    int end = at + 1;
    while (end < sql.length()) {
      char c = sql.charAt(end);
      if (c == '\\' && escapes) {
        end += 2;
      } else if (c == '\'' && end + 1 < sql.length() && sql.charAt(end + 1) == '\'') {
        end += 2;
      } else if (c == '\'') {
        break;
      } else {
        end++;
      }
    }
    add(Kind.STRING, from, Math.min(end + 1, sql.length()));
  }

  private void quotedName() {
    int end = at + 1;
    while (end < sql.length()) {
      if (sql.charAt(end) != '"') {
        end++;
      } else if (end + 1 < sql.length() && sql.charAt(end + 1) == '"') {
        end += 2;
      } else {
        break;
      }
    }
    add(Kind.QUOTED_NAME, at, Math.min(end + 1, sql.length()));
  }

  private void dollar() {
    int end = at + 1;
    if (end < sql.length() && isDigit(sql.charAt(end))) {
      while (end < sql.length() && isDigit(sql.charAt(end))) {
        end++;
      }
      add(Kind.PARAMETER, at, end);
      return;
    }
    while (end < sql.length() && isWordPart(sql.charAt(end)) && sql.charAt(end) != '$') {
      end++;
    }
    if (end >= sql.length() || sql.charAt(end) != '$') {
      add(Kind.SYMBOL, at, at + 1);
      return;
    }
    String tag = sql.substring(at, end + 1);
    int close = sql.indexOf(tag, end + 1);
    add(Kind.STRING, at, close < 0 ? sql.length() : close + tag.length());
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
}
