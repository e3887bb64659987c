package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Feature;
import dev.baton.engine.postgres.session.Script.Statement;
import dev.baton.model.Movability;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private record Saved(Map<String, String> settings, Set<String> channels) {}

  private final Map<String, Prepared> statements = new HashMap<>();
  private final Set<String> onBackend = new HashSet<>();
  private final Map<String, String> reported = new LinkedHashMap<>();
  private final EnumSet<Feature> bound = EnumSet.noneOf(Feature.class);
  private Map<String, String> settings = new LinkedHashMap<>();
  private Set<String> channels = new LinkedHashSet<>();
  private @Nullable Saved saved;
  private boolean lowerDurability;
  private boolean settingsUncertain;
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
  void ran(String sql, Statement statement, boolean inTransaction) {
    remember(statement.features());
    switch (statement.words().isEmpty() ? "" : statement.words().getFirst()) {
      case "SET" -> set(sql.substring(statement.from(), statement.to()), statement, inTransaction);
      case "RESET" ->
          reset(sql.substring(statement.from(), statement.to()), statement, inTransaction);
      case "DISCARD" -> discard(statement);
      case "DEALLOCATE" -> deallocate(sql, statement);
      case "LISTEN" -> {
        save(inTransaction);
        channels.add(sql.substring(statement.from(), statement.to()).strip());
      }
      case "UNLISTEN" -> unlisten(sql, statement, inTransaction);
      case "PREPARE" -> prepareInSql(sql, statement);
      case "ROLLBACK" -> settingsUncertain |= saved != null && statement.words().contains("TO");
      default -> {
        // nothing that outlives its transaction
      }
    }
  }

  private void remember(Set<Feature> features) {
    for (Feature feature : features) {
      if (feature.bindsSession()) {
        bound.add(feature);
      }
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
      bound.remove(Feature.SET_CONFIG);
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
      bound.clear();
      lowerDurability = false;
      tooManyStatements = false;
    } else if (statement.startsWith("DISCARD", "TEMP")
        || statement.startsWith("DISCARD", "TEMPORARY")) {
      bound.remove(Feature.TEMPORARY);
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
      saved = new Saved(new LinkedHashMap<>(settings), new LinkedHashSet<>(channels));
    }
  }

  void committed() {
    saved = null;
    settingsUncertain = false;
  }

  void rolledBack() {
    Saved before = saved;
    if (before != null) {
      Map<String, String> kept = before.settings();
      kept.keySet().removeIf(SessionState::isPrepared);
      // a ROLLBACK takes back neither PREPARE nor DEALLOCATE
      settings.forEach(
          (key, command) -> {
            if (isPrepared(key)) {
              kept.put(key, command);
            }
          });
      settings = kept;
      channels = before.channels();
      saved = null;
    }
    settingsUncertain = false;
  }

  /// True when the client made its own commits not wait for the standby.
  boolean lowerDurability() {
    return lowerDurability;
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

  Movability movability() {
    if (bound.contains(Feature.TEMPORARY)) {
      return Movability.not(
          "it has temporary tables, which exist on its own backend only",
          "DISCARD TEMP when they are needed no more, or use unlogged tables");
    }
    if (bound.contains(Feature.ADVISORY_LOCK)) {
      return Movability.not(
          "it may hold session-level advisory locks",
          "use pg_advisory_xact_lock, or DISCARD ALL after use");
    }
    if (bound.contains(Feature.HOLD)) {
      return Movability.not(
          "it has a cursor WITH HOLD, whose rows lie on its own backend",
          "DISCARD ALL after use, or read within a transaction");
    }
    if (bound.contains(Feature.SET_CONFIG)) {
      return Movability.not(
          "it called set_config(), whose effect cannot be read from the request",
          "use SET, or SET LOCAL within transactions");
    }
    if (settingsUncertain) {
      return Movability.not(
          "it rolled back to a savepoint after SET or LISTEN", "end the transaction");
    }
    if (tooManyStatements) {
      return Movability.not(
          "it has more than " + MAX_STATEMENTS + " prepared statements", "DEALLOCATE some");
    }
    return Movability.MOVABLE;
  }
}
