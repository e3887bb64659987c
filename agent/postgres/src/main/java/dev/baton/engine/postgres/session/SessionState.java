package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Statement;
import dev.baton.model.Movability;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a session is beyond its open transaction, as far as it must be made again on another
/// backend: parameters that were SET, prepared statements, channels listened to; and what cannot be
/// made again.
final class SessionState {
  private static final Pattern SET =
      Pattern.compile(
          "\\s*set\\s+(?:session\\s+)?([a-z_0-9.\"]+)\\s*(?:=|\\sto\\b).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern RESET =
      Pattern.compile("\\s*reset\\s+([a-z_0-9.\"]+)\\s*", Pattern.CASE_INSENSITIVE);
  private static final String NAME = "(\"(?:[^\"]|\"\")+\"|[^\\s(\"]+)";
  private static final Pattern PREPARE =
      Pattern.compile("\\s*prepare\\s+" + NAME + ".*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern DEALLOCATE =
      Pattern.compile(
          "\\s*deallocate\\s+(?:prepare\\s+)?" + NAME + "\\s*", Pattern.CASE_INSENSITIVE);

  /// Begins the key of what is made again by PREPARE; no parameter has a blank in its name.
  private static final String PREPARED = "prepare ";

  /// The server keeps these at `RESET ALL`.
  private static final Set<String> NOT_RESET = Set.of("role", "session_authorization", "seed");

  /// A client that prepares more than this keeps its statements on its backend alone.
  private static final int MAX_STATEMENTS = 10_000;

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
  private record Saved(
      Map<String, String> settings, Set<String> channels, SessionBinding.Texts texts) {}

  private record Mark(String savepoint, Saved saved) {}

  private final Map<String, Prepared> statements = new HashMap<>();
  private final Set<String> onBackend = new HashSet<>();
  private final Map<String, String> reported = new LinkedHashMap<>();
  private Map<String, String> settings = new LinkedHashMap<>();
  private Set<String> channels = new LinkedHashSet<>();
  private final SessionBinding binding = new SessionBinding();
  private @Nullable Carried carried;
  private BindingFunctions.OfDatabase functions = BindingFunctions.OfDatabase.UNKNOWN;
  private @Nullable Saved saved;

  /// What stood at each savepoint of the open transaction, the latest last. A name may come twice.
  private final List<Mark> savepoints = new ArrayList<>();

  private boolean lowerDurability;
  private boolean tooManyStatements;

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

  // Prepared statements of the protocol.

  void prepared(Prepared statement) {
    if (statements.size() >= MAX_STATEMENTS && !statements.containsKey(statement.name())) {
      tooManyStatements = true;
      return;
    }
    statements.put(statement.name(), statement);
    onBackend.add(statement.name());
  }

  void closed(String statement) {
    statements.remove(statement);
    onBackend.remove(statement);
  }

  @Nullable Prepared statement(String name) {
    return statements.get(name);
  }

  /// The statement, when the present backend has it not yet; from now on it counts as there.
  @Nullable Prepared takeMissing(String name) {
    Prepared statement = statements.get(name);
    return statement != null && onBackend.add(name) ? statement : null;
  }

  /// The present backend has it, by a request that was replayed there.
  void onBackend(String name) {
    onBackend.add(name);
  }

  void notOnBackend(String name) {
    onBackend.remove(name);
  }

  /// The session continues on a backend that has nothing yet.
  void newBackend() {
    onBackend.clear();
  }

  // Effects of statements that succeeded.

  /// @param sql text in which the statement stands
  /// @param inTransaction true when a later ROLLBACK takes the effect back
  /// @param shown first value of its last row, a byte string; null when not known
  void ran(String sql, Statement statement, boolean inTransaction, @Nullable String shown) {
    String text = sql.substring(statement.from(), statement.to());
    bind(text, statement, inTransaction, shown);
    switch (statement.words().isEmpty() ? "" : statement.words().getFirst()) {
      case "SET" -> set(text, statement, inTransaction);
      case "RESET" -> reset(text, statement, inTransaction);
      case "DISCARD" -> discard(statement);
      case "DEALLOCATE" -> deallocate(sql, statement);
      case "LISTEN" -> {
        save(inTransaction);
        channels.add(text.strip());
      }
      case "UNLISTEN" -> unlisten(sql, statement, inTransaction);
      case "PREPARE" -> prepareInSql(sql, statement);
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
      settings.remove(parameter.get());
      settings.put(parameter.get(), ConfigCall.command(parameter.get(), shown));
    }
  }

  private Saved now() {
    return new Saved(new LinkedHashMap<>(settings), new LinkedHashSet<>(channels), binding.texts());
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

  private void set(String sql, Statement statement, boolean inTransaction) {
    if (statement.startsWith("SET", "LOCAL")
        || statement.startsWith("SET", "TRANSACTION")
        || statement.startsWith("SET", "CONSTRAINTS")) {
      return;
    }
    save(inTransaction);
    String name = nameOf(sql, statement);
    if (name.equals("synchronous_commit")) {
      lowerDurability = lowersDurability(sql);
    }
    forgetRole(name);
    settings.remove(name);
    settings.put(name, sql.strip());
  }

  private static String nameOf(String sql, Statement statement) {
    if (statement.startsWith("SET", "TIME", "ZONE")) {
      return "timezone";
    }
    if (statement.startsWith("SET", "ROLE") || statement.startsWith("SET", "SESSION", "ROLE")) {
      return "role";
    }
    if (statement.startsWith("SET", "SESSION", "AUTHORIZATION")) {
      return "session_authorization";
    }
    if (statement.startsWith("SET", "NAMES")) {
      return "client_encoding";
    }
    Matcher named = SET.matcher(sql);
    return (named.matches() ? named.group(1) : sql).strip().toLowerCase(Locale.ROOT);
  }

  private static boolean lowersDurability(String sql) {
    String text = sql.toLowerCase(Locale.ROOT);
    String value =
        text.substring(Math.max(text.lastIndexOf('='), text.lastIndexOf(" to ") + 3) + 1);
    return switch (value.replace("'", "").strip()) {
      case "on", "remote_apply", "default", "true", "yes", "1" -> false;
      default -> true;
    };
  }

  /// Whoever changes the session's user has no role any more.
  private void forgetRole(String name) {
    if (name.equals("session_authorization")) {
      settings.remove("role");
    }
  }

  private void reset(String sql, Statement statement, boolean inTransaction) {
    save(inTransaction);
    Matcher named = RESET.matcher(sql);
    String name = named.matches() ? named.group(1).toLowerCase(Locale.ROOT) : "";
    if (statement.startsWith("RESET", "SESSION", "AUTHORIZATION")) {
      name = "session_authorization";
    } else if (statement.startsWith("RESET", "TIME", "ZONE")) {
      name = "timezone";
    }
    if (statement.startsWith("RESET", "ALL")) {
      settings.keySet().removeIf(kept -> !NOT_RESET.contains(kept) && !isPrepared(kept));
      lowerDurability = false;
      binding.configKnown();
    } else {
      forgetRole(name);
      settings.remove(name);
      lowerDurability &= !name.equals("synchronous_commit");
    }
  }

  private void discard(Statement statement) {
    if (statement.startsWith("DISCARD", "ALL")) {
      settings.clear();
      channels.clear();
      statements.clear();
      onBackend.clear();
      binding.configKnown();
      lowerDurability = false;
      tooManyStatements = false;
    }
  }

  private void deallocate(String sql, Statement statement) {
    Matcher named = DEALLOCATE.matcher(sql.substring(statement.from(), statement.to()));
    if (!named.matches()) {
      return;
    }
    String name = named.group(1);
    if (name.equalsIgnoreCase("all")) {
      statements.clear();
      onBackend.clear();
      settings.keySet().removeIf(SessionState::isPrepared);
      tooManyStatements = false;
    } else {
      closed(folded(name));
      settings.remove(PREPARED + folded(name));
    }
  }

  private void unlisten(String sql, Statement statement, boolean inTransaction) {
    save(inTransaction);
    String channel = sql.substring(statement.from(), statement.to()).strip().substring(8).strip();
    if (channel.equals("*")) {
      channels.clear();
    } else {
      channels.removeIf(listen -> listen.substring(6).strip().equalsIgnoreCase(channel));
    }
  }

  /// A statement prepared in SQL is made again by the same command, when it stands alone.
  private void prepareInSql(String sql, Statement statement) {
    String text = sql.substring(statement.from(), statement.to()).strip();
    Matcher named = PREPARE.matcher(text);
    if (named.matches() && statement.kind() == StatementKind.SESSION) {
      settings.put(PREPARED + folded(named.group(1)), text);
    }
  }

  private static boolean isPrepared(String key) {
    return key.startsWith(PREPARED);
  }

  /// A name as the server knows it.
  private static String folded(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toLowerCase(Locale.ROOT);
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
    Map<String, String> kept = new LinkedHashMap<>(before.settings());
    kept.keySet().removeIf(SessionState::isPrepared);
    // a ROLLBACK takes back neither PREPARE nor DEALLOCATE
    settings.forEach(
        (key, command) -> {
          if (isPrepared(key)) {
            kept.put(key, command);
          }
        });
    settings = kept;
    channels = new LinkedHashSet<>(before.channels());
    binding.takeBack(before.texts());
  }

  /// True when the client made its own commits not wait for the standby.
  boolean lowerDurability() {
    return lowerDurability;
  }

  /// True when somebody's notifications may have been missed while there was no backend.
  boolean listens() {
    return !channels.isEmpty();
  }

  /// Commands that make on a new backend what was made on the old one, in order.
  ///
  /// @param transactionOpen when the effects of the open transaction are made by its replay
  List<String> restoration(boolean transactionOpen) {
    Saved before = transactionOpen ? saved : null;
    List<String> commands =
        new ArrayList<>((before == null ? settings : before.settings()).values());
    commands.addAll(before == null ? channels : before.channels());
    return commands;
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
    inventory
        .parameters()
        .forEach((name, value) -> settings.put(name, ConfigCall.command(name, value)));
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
    if (tooManyStatements) {
      return Movability.not(
          "it has more than " + MAX_STATEMENTS + " prepared statements", "DEALLOCATE some");
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
