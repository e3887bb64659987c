package dev.baton.engine.postgres.access;

import java.util.ArrayList;
import java.util.List;

/// Cuts a line into its columns as a server does: blanks separate columns, commas the words of one
/// column, quotes take both away from a word and make it a plain name, `#` begins a comment.
final class RuleFields {
  private final String line;
  private int at;

  private RuleFields(String line) {
    this.line = line;
  }

  /// @param quoted a name, whatever it looks like
  record Word(String text, boolean quoted) {
    boolean is(String keyword) {
      return !quoted && text.equals(keyword);
    }
  }

  /// @throws IllegalArgumentException when a quote is not closed
  static List<List<Word>> of(String line) {
    RuleFields reader = new RuleFields(line);
    List<List<Word>> fields = new ArrayList<>();
    for (reader.skipBlanks(); !reader.atEnd(); reader.skipBlanks()) {
      fields.add(reader.field());
    }
    return fields;
  }

  private boolean atEnd() {
    return at >= line.length() || line.charAt(at) == '#';
  }

  private void skipBlanks() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }

  private List<Word> field() {
    List<Word> words = new ArrayList<>();
    boolean more = true;
    while (more && !atEnd()) {
      words.add(word());
      more = at < line.length() && line.charAt(at) == ',';
      if (more) {
        at++;
        skipBlanks();
      }
    }
    return words;
  }

  private Word word() {
    StringBuilder text = new StringBuilder();
    boolean quoted = false;
    boolean within = false;
    int start = at;
    for (; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        quoted |= at == start;
        if (within && at + 1 < line.length() && line.charAt(at + 1) == '"') {
          text.append(c);
          at++;
        } else {
          within = !within;
        }
      } else if (!within && (Character.isWhitespace(c) || c == ',' || c == '#')) {
        break;
      } else {
        text.append(c);
      }
    }
    if (within) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    return new Word(text.toString(), quoted);
  }
}
