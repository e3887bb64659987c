package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.SqlTokens.Token;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The text of an `INSERT … VALUES … RETURNING`, taken apart so that columns which the database
/// fills by itself can be given values.
final class InsertText {
  /// A place in the text.
  private record Span(int from, int to) {}

  /// A column that is to be given values.
  ///
  /// @param name as the server stores it
  /// @param position among the table's columns, from 0, dropped ones not counted
  /// @param always `GENERATED ALWAYS AS IDENTITY`
  record Column(String name, int position, boolean always) {}

  private final String sql;
  private final List<Token> tokens;
  private final List<String> columns = new ArrayList<>();
  private final List<List<Span>> rows = new ArrayList<>();
  private final List<Integer> rowEnds = new ArrayList<>();
  private int columnsEnd = -1;
  private boolean overriding;
  private Span values = new Span(0, 0);
  private boolean defaults;
  private int at;

  private InsertText(String sql, List<Token> tokens) {
    this.sql = sql;
    this.tokens = tokens;
  }

  /// @return empty when it is another kind of statement, or one whose rows do not stand in it
  static Optional<InsertText> of(String sql, boolean backslashEscapes) {
    InsertText text = new InsertText(sql, SqlTokens.of(sql, backslashEscapes));
    return text.read() ? Optional.of(text) : Optional.empty();
  }

  int rows() {
    return defaults ? 1 : rows.size();
  }

  private boolean read() {
    if (!word("insert") || !word("into") || !tableName()) {
      return false;
    }
    alias();
    if (symbol('(') && !columnList()) {
      return false;
    }
    if (word("overriding")) {
      overriding = true;
      if (!word("system") || !word("value")) {
        return false;
      }
    }
    if (at + 1 < tokens.size() && tokens.get(at).is("default") && columnsEnd < 0) {
      values = new Span(tokens.get(at).from(), tokens.get(at + 1).to());
      defaults = true;
      at++;
      return word("values") && rest();
    }
    return valueRows() && rest();
  }

  private boolean word(String word) {
    boolean there = at < tokens.size() && tokens.get(at).is(word);
    at += there ? 1 : 0;
    return there;
  }

  private boolean symbol(char symbol) {
    boolean there = at < tokens.size() && tokens.get(at).is(symbol);
    at += there ? 1 : 0;
    return there;
  }

  private boolean name() {
    boolean there = at < tokens.size() && tokens.get(at).isName();
    at += there ? 1 : 0;
    return there;
  }

  private boolean tableName() {
    boolean named = name();
    while (named && symbol('.')) {
      named = name();
    }
    return named;
  }

  private void alias() {
    if (word("as")) {
      name();
    }
  }

  private boolean columnList() {
    do {
      if (at >= tokens.size() || !tokens.get(at).isName() || tokens.get(at).is("select")) {
        return false;
      }
      columns.add(tokens.get(at++).name());
    } while (symbol(','));
    columnsEnd = at < tokens.size() ? tokens.get(at).from() : -1;
    return symbol(')');
  }

  private boolean valueRows() {
    int before = at;
    if (!word("values")) {
      return false;
    }
    values = new Span(tokens.get(before).from(), tokens.get(before).to());
    do {
      if (!symbol('(') || !expressions()) {
        return false;
      }
    } while (symbol(','));
    return true;
  }

  private boolean expressions() {
    List<Span> row = new ArrayList<>();
    int depth = 0;
    int first = at;
    for (; at < tokens.size(); at++) {
      Token token = tokens.get(at);
      if (depth == 0 && (token.is(',') || token.is(')'))) {
        if (first == at) {
          return false;
        }
        row.add(new Span(tokens.get(first).from(), tokens.get(at - 1).to()));
        first = at + 1;
        if (token.is(')')) {
          rows.add(row);
          rowEnds.add(token.from());
          at++;
          return true;
        }
      }
      depth += token.is('(') || token.is('[') ? 1 : token.is(')') || token.is(']') ? -1 : 0;
    }
    return false;
  }

  /// `ON CONFLICT … RETURNING …`; anything else may make other rows of them.
  private boolean rest() {
    return at < tokens.size() && (tokens.get(at).is("on") || tokens.get(at).is("returning"));
  }

  /// The text with these values for these columns.
  ///
  /// @param literals for each row one of each column
  /// @return empty when the statement computes one of them in another way
  Optional<String> with(List<Column> given, List<List<String>> literals) {
    Edits edits = new Edits();
    List<Integer> appended = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      int index = indexOf(given.get(i));
      if (index < 0) {
        appended.add(i);
      } else if (!replace(edits, index, i, literals)) {
        return Optional.empty();
      }
    }
    boolean always = given.stream().anyMatch(Column::always) && !overriding;
    if (defaults) {
      return Optional.of(instead(given, literals.getFirst(), always));
    }
    if (!appended.isEmpty()) {
      if (columnsEnd < 0 && !isNext(given, appended)) {
        return Optional.empty();
      }
      append(edits, appended, given, literals);
    }
    if (always) {
      edits.insert(values.from(), "OVERRIDING SYSTEM VALUE ");
    }
    return Optional.of(edits.applied(sql));
  }

  /// Without a list, the columns are the table's first ones: one can be added that comes right
  /// after them.
  private boolean isNext(List<Column> given, List<Integer> appended) {
    int position = given.get(appended.getFirst()).position();
    return appended.size() == 1 && rows.stream().allMatch(row -> row.size() == position);
  }

  private int indexOf(Column column) {
    if (columnsEnd >= 0) {
      return columns.indexOf(column.name());
    }
    return !defaults && column.position() < rows.getFirst().size() ? column.position() : -1;
  }

  private boolean replace(Edits edits, int index, int given, List<List<String>> literals) {
    for (int row = 0; row < rows.size(); row++) {
      if (index >= rows.get(row).size()) {
        return false;
      }
      Span span = rows.get(row).get(index);
      if (!generates(sql.substring(span.from(), span.to()))) {
        return false;
      }
      edits.replace(span.from(), span.to(), literals.get(row).get(given));
    }
    return true;
  }

  /// `DEFAULT`, or a call that takes the next value of a sequence and nothing else.
  private static boolean generates(String expression) {
    return expression.equalsIgnoreCase("default")
        || SequenceCall.of(expression, false).map(call -> call.isAll(expression)).orElse(false);
  }

  private void append(
      Edits edits, List<Integer> appended, List<Column> given, List<List<String>> literals) {
    StringBuilder names = new StringBuilder();
    for (int i : appended) {
      names.append(", ").append(quoted(given.get(i).name()));
    }
    if (columnsEnd >= 0) {
      edits.insert(columnsEnd, names.toString());
    }
    for (int row = 0; row < rows.size(); row++) {
      StringBuilder more = new StringBuilder();
      for (int i : appended) {
        more.append(", ").append(literals.get(row).get(i));
      }
      edits.insert(rowEnds.get(row), more.toString());
    }
  }

  private String instead(List<Column> given, List<String> literals, boolean always) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < given.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(quoted(given.get(i).name()));
    }
    text.append(always ? ") OVERRIDING SYSTEM VALUE VALUES (" : ") VALUES (")
        .append(String.join(", ", literals))
        .append(')');
    return sql.substring(0, values.from()) + text + sql.substring(values.to());
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// Changes of a text, in any order, of places that do not overlap.
  private static final class Edits {
    private record Edit(int from, int to, String text) {}

    private final List<Edit> edits = new ArrayList<>();

    void insert(int place, String text) {
      edits.add(new Edit(place, place, text));
    }

    void replace(int from, int to, String text) {
      edits.add(new Edit(from, to, text));
    }

    String applied(String sql) {
      edits.sort(Comparator.comparingInt(Edit::from));
      StringBuilder out = new StringBuilder(sql);
      for (Edit edit : edits.reversed()) {
        out.replace(edit.from(), edit.to(), edit.text());
      }
      return out.toString();
    }
  }
}
