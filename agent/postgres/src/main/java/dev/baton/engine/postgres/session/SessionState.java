package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Statement;
import dev.baton.model.Movability;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a session is beyond its open transaction, as far as it must be made again on another
/// backend: parameters that were SET, prepared statements, channels listened to; and what cannot be
/// made again.
final class SessionState {
  /// A prepared statement.
  ///
  /// @param sql its text, as a byte string
  /// @param parse the client's Parse message, an unpooled copy that nobody has to release
  record Prepared(String name, String sql, Script script, ByteBuf parse) {
    StatementKind kind() {
      return script.isSingle() ? script.only() : StatementKind.WORK;
    }

    ByteBuf message() {
      return parse.retainedDuplicate();
    }
  }

  /// What a transaction may still take back.
  private record Saved(SessionSettings.Saved settings, SessionBinding.Texts texts) {}

  private record Mark(String savepoint, Saved saved) {}

  private final PreparedStatements statements = new PreparedStatements();
  private final Map<String, String> reported = new LinkedHashMap<>();
  private final SessionSettings settings = new SessionSettings();
  private final SessionBinding binding = new SessionBinding();
  private @Nullable Carried carried;
  private BindingFunctions.OfDatabase functions = BindingFunctions.OfDatabase.UNKNOWN;
  private @Nullable Saved saved;

  /// What stood at each savepoint of the open transaction, the latest last. A name may come twice.
  private final List<Mark> savepoints = new ArrayList<>();

  /// The client was given this value.
  void reported(String name, String value) {
    reported.put(name, value);
  }

  @Nullable String reportedValue(String name) {
    return reported.get(name);
  }

  Map<String, String> reported() {
    return reported;
  }

  boolean standardConformingStrings() {
    return !"off".equals(reported.get("standard_conforming_strings"));
  }

  /// True when a byte below 128 may be part of a character, so that a text cannot be split safely.
  boolean unsafeEncoding() {
    String encoding = reported.getOrDefault("client_encoding", "UTF8");
    return switch (encoding.toUpperCase(Locale.ROOT)) {
      case "SJIS", "SHIFT_JIS_2004", "BIG5", "GBK", "UHC", "GB18030", "JOHAB" -> true;
      default -> false;
    };
  }

  PreparedStatements statements() {
    return statements;
  }

  // Effects of statements that succeeded.

  /// @param sql text in which the statement stands
  /// @param inTransaction true when a later ROLLBACK takes the effect back
  /// @param shown first value of its last row, a byte string; null when not known
  void ran(String sql, Statement statement, boolean inTransaction, @Nullable String shown) {
    String text = sql.substring(statement.from(), statement.to());
    bind(text, statement, inTransaction, shown);
    switch (statement.words().isEmpty() ? "" : statement.words().getFirst()) {
      case "SET" -> {
        if (SessionSettings.outlivesTransaction(statement)) {
          save(inTransaction);
          settings.set(text, statement);
        }
      }
      case "RESET" -> reset(text, statement, inTransaction);
      case "DISCARD" -> discard(statement);
      case "DEALLOCATE" -> deallocate(text);
      case "LISTEN" -> {
        save(inTransaction);
        settings.listen(text);
      }
      case "UNLISTEN" -> {
        save(inTransaction);
        settings.unlisten(text);
      }
      case "PREPARE" -> settings.prepare(text, statement);
      case "CREATE" -> {
        if (statement.words().contains("FUNCTION") || statement.words().contains("PROCEDURE")) {
          functions.outdated();
        }
      }
      case "SAVEPOINT" -> savepoints.add(new Mark(savepoint(text), now()));
      case "RELEASE" -> forgetFrom(find(savepoint(text)));
      case "ROLLBACK" -> rollBackTo(text, statement);
      default -> {
        // nothing that outlives its transaction
      }
    }
  }

  private void bind(
      String text, Statement statement, boolean inTransaction, @Nullable String shown) {
    if (functions.areCalled(text)) {
      save(inTransaction);
      binding.mayHaveChanged(functions.setUnknown(text));
    }
    if (!binding.concerns(statement)) {
      return;
    }
    save(inTransaction);
    boolean unknown = binding.hasUnknownConfig();
    binding.ran(text, statement, shown);
    Optional<String> parameter = ConfigCall.parameter(text);
    if (!unknown && shown != null && parameter.isPresent()) {
      binding.configKnown();
      settings.known(parameter.get(), shown);
    }
  }

  private Saved now() {
    return new Saved(settings.saved(), binding.texts());
  }

  /// The last name in `SAVEPOINT a` and `ROLLBACK TO SAVEPOINT a`.
  private static String savepoint(String text) {
    List<SqlTokens.Token> tokens = SqlTokens.of(text, false);
    return tokens.isEmpty() ? "" : tokens.getLast().name();
  }

  private void rollBackTo(String text, Statement statement) {
    if (!statement.words().contains("TO")) {
      return;
    }
    int at = find(savepoint(text));
    if (at >= 0) {
      restore(savepoints.get(at).saved());
      forgetFrom(at + 1);
    }
  }

  private int find(String savepoint) {
    int at = savepoints.size() - 1;
    while (at >= 0 && !savepoints.get(at).savepoint().equals(savepoint)) {
      at--;
    }
    return at;
  }

  private void forgetFrom(int first) {
    if (first >= 0) {
      savepoints.subList(first, savepoints.size()).clear();
    }
  }

  private void reset(String text, Statement statement, boolean inTransaction) {
    save(inTransaction);
    settings.reset(text, statement);
    if (statement.startsWith("RESET", "ALL")) {
      binding.configKnown();
    }
  }

  private void discard(Statement statement) {
    if (statement.startsWith("DISCARD", "ALL")) {
      settings.discardAll();
      statements.closeAll();
      binding.configKnown();
    }
  }

  private void deallocate(String text) {
    String gone = settings.deallocate(text);
    if (gone.equals(SessionSettings.ALL)) {
      statements.closeAll();
    } else if (!gone.isEmpty()) {
      statements.closed(gone);
    }
  }

  private void save(boolean inTransaction) {
    if (inTransaction && saved == null) {
      saved = now();
    }
  }

  void committed() {
    saved = null;
    savepoints.clear();
    binding.transactionEnded();
  }

  void rolledBack() {
    Saved before = saved;
    if (before != null) {
      restore(before);
      saved = null;
    }
    savepoints.clear();
    binding.transactionEnded();
  }

  private void restore(Saved before) {
    settings.takeBack(before.settings());
    binding.takeBack(before.texts());
  }

  SessionSettings settings() {
    return settings;
  }

  /// True when somebody's notifications may have been missed while there was no backend.
  boolean listens() {
    return settings.listens();
  }

  /// Commands that make on a new backend what was made on the old one, in order.
  ///
  /// @param transactionOpen when the effects of the open transaction are made by its replay
  List<String> restoration(boolean transactionOpen) {
    Saved before = transactionOpen ? saved : null;
    return before == null ? settings.commands() : before.settings().commands();
  }

  // What lies on the backend alone.

  SessionBinding binding() {
    return binding;
  }

  /// @param known of the session's database
  void functions(BindingFunctions.OfDatabase known) {
    functions = known;
  }

  BindingFunctions.OfDatabase functions() {
    return functions;
  }

  /// The backend has listed what lies on it, when no transaction was open.
  void listed(AskedResult list) {
    if (list.failed()) {
      binding.answered(null);
      return;
    }
    SessionInventory inventory = SessionInventory.of(list.rows());
    binding.answered(inventory);
    inventory.parameters().forEach(settings::known);
  }

  /// Temporary objects that no replay makes.
  TemporaryObjects temporary() {
    Saved before = saved;
    return binding.temporary(before == null ? null : before.texts());
  }

  /// What the session has with it on its way to the next home.
  @Nullable Carried carried() {
    return carried;
  }

  void carried(@Nullable Carried along) {
    carried = along;
  }

  /// What an open transaction made is made again by its replay, so that what was there before it
  /// decides.
  Movability movability() {
    Saved before = saved;
    if (statements.areTooMany()) {
      return Movability.not(
          "it has more than " + PreparedStatements.MAX_STATEMENTS + " prepared statements",
          "DEALLOCATE some");
    }
    Movability bound = binding.movability(before == null ? null : before.texts());
    Carried along = carried;
    if (bound.movable() || !bound.whenPlanned() || along == null) {
      return bound;
    }
    return along.obstacle() == null
        ? Movability.MOVABLE
        : Movability.not(
            bound.reason() + ", and could not be taken along: " + along.obstacle(),
            String.valueOf(bound.remedy()));
  }
}
