package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Statement;
import dev.baton.engine.postgres.session.SessionInventory.Relation;
import dev.baton.engine.postgres.session.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The commands that made a session's temporary tables, views and sequences, in order, as far as
/// texts show them: run again, they make them again, without rows.
final class TemporaryObjects {
  /// Commands of one session that are kept; beyond them its temporary objects stay where they are.
  private static final int MAX_COMMANDS = 1_000;

  /// @param relation which it makes or changes
  /// @param staysEmpty outside transactions, since it makes a view, or a table that is emptied at
  ///   each commit
  private record Command(String relation, String text, boolean makes, boolean staysEmpty) {}

  private final List<Command> commands = new ArrayList<>();

  TemporaryObjects copy() {
    TemporaryObjects copy = new TemporaryObjects();
    copy.commands.addAll(commands);
    return copy;
  }

  boolean isEmpty() {
    return commands.isEmpty();
  }

  /// True when the statement may change what is temporary.
  boolean concerns(Statement statement) {
    if (statement.words().isEmpty()) {
      return false;
    }
    return switch (statement.words().getFirst()) {
      case "DISCARD", "DROP" -> true; // what a text did not show may go, too
      case "ALTER", "COMMENT", "CREATE", "GRANT", "REVOKE" -> !commands.isEmpty();
      default -> false;
    };
  }

  /// A statement succeeded that makes something temporary, or that concerns what is.
  void ran(String text, Statement statement) {
    List<Token> tokens = SqlTokens.of(text, false);
    if (statement.features().contains(Script.Feature.TEMPORARY)
        && statement.startsWith("CREATE")
        && create(text.strip(), tokens)) {
      return;
    }
    if (!statement.startsWith("DROP") && !statement.startsWith("DISCARD")) {
      change(text.strip(), tokens);
    }
  }

  private boolean create(String text, List<Token> tokens) {
    int at = 1;
    while (at < tokens.size() && !isKind(tokens.get(at))) {
      at++;
    }
    if (at > 5 || at + 1 >= tokens.size()) {
      return false;
    }
    boolean table = tokens.get(at).is("table");
    boolean view = tokens.get(at).is("view");
    boolean unlessThere = tokens.get(at + 1).is("if");
    at += unlessThere ? 4 : 1;
    String name = lastName(tokens, at);
    if (unlessThere && makes(name)) {
      return true;
    }
    if (table) {
      // it was made, so whatever had its name before is gone
      commands.removeIf(command -> command.relation().equals(name));
    }
    boolean emptied = table && sequence(tokens, "on", "commit", "delete", "rows");
    add(new Command(name, table ? withoutRows(text, tokens) : text, true, view || emptied));
    return true;
  }

  private static boolean isKind(Token token) {
    return token.is("table") || token.is("view") || token.is("sequence");
  }

  /// The last part of a name, whatever schema it is in.
  private static String lastName(List<Token> tokens, int at) {
    int last = at;
    while (last + 2 < tokens.size() && tokens.get(last + 1).is('.')) {
      last += 2;
    }
    return last < tokens.size() ? tokens.get(last).name() : "";
  }

  private static boolean sequence(List<Token> tokens, String... words) {
    int found = 0;
    for (Token token : tokens) {
      found = token.is(words[found]) ? found + 1 : token.is(words[0]) ? 1 : 0;
      if (found == words.length) {
        return true;
      }
    }
    return false;
  }

  /// `CREATE TABLE … AS …` makes the table alone.
  private static String withoutRows(String text, List<Token> tokens) {
    int depth = 0;
    for (Token token : tokens) {
      depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
      if (depth == 0 && token.is("as")) {
        int size = tokens.size();
        boolean told = size > 2 && tokens.getLast().is("data");
        boolean none = told && tokens.get(size - 2).is("no");
        boolean all = told && tokens.get(size - 2).is("with");
        String query = all ? text.substring(0, tokens.get(size - 2).from()) : text;
        return none ? text : query.stripTrailing() + " WITH NO DATA";
      }
    }
    return text;
  }

  private void change(String text, List<Token> tokens) {
    for (Token token : tokens) {
      if (token.isName() && makes(token.name())) {
        add(new Command(token.name(), text, false, false));
        return;
      }
    }
  }

  private void add(Command command) {
    if (commands.size() < MAX_COMMANDS) {
      commands.add(command);
    }
  }

  private boolean makes(String relation) {
    return commands.stream()
        .anyMatch(command -> command.makes() && command.relation().equals(relation));
  }

  /// Nothing else is left.
  void keepOnly(List<Relation> relations) {
    Set<String> names = relations.stream().map(Relation::name).collect(Collectors.toSet());
    commands.removeIf(command -> !names.contains(command.relation()));
  }

  void clear() {
    commands.clear();
  }

  /// The first relation that no text is known to have made; a sequence may belong to a table.
  Optional<Relation> unknown(List<Relation> relations) {
    return relations.stream()
        .filter(relation -> !relation.isSequence() && !makes(relation.name()))
        .findFirst();
  }

  /// The first relation of which more than its making must be known.
  Optional<Relation> withContents(List<Relation> relations) {
    return relations.stream().filter(relation -> !staysEmpty(relation.name())).findFirst();
  }

  boolean staysEmpty(String relation) {
    return commands.stream()
        .anyMatch(
            command ->
                command.makes() && command.staysEmpty() && command.relation().equals(relation));
  }

  List<String> commands() {
    return commands.stream().map(Command::text).toList();
  }
}
