package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.session.Script.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a session has set for itself by commands, each of which makes it again: parameters, roles,
/// channels that it listens to, statements prepared in SQL.
final class SessionSettings {
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

  static final String ALL = "*";

  /// What a transaction may take back.
  record Saved(Map<String, String> settings, Set<String> channels) {
    List<String> commands() {
      List<String> commands = new ArrayList<>(settings.values());
      commands.addAll(channels);
      return commands;
    }
  }

  private Map<String, String> settings = new LinkedHashMap<>();
  private Set<String> channels = new LinkedHashSet<>();
  private boolean lowerDurability;

  Saved saved() {
    return new Saved(new LinkedHashMap<>(settings), new LinkedHashSet<>(channels));
  }

  void takeBack(Saved before) {
    Map<String, String> kept = new LinkedHashMap<>(before.settings());
    kept.keySet().removeIf(SessionSettings::isPrepared);
    // a ROLLBACK takes back neither PREPARE nor DEALLOCATE
    settings.forEach(
        (key, command) -> {
          if (isPrepared(key)) {
            kept.put(key, command);
          }
        });
    settings = kept;
    channels = new LinkedHashSet<>(before.channels());
  }

  /// False for what ends with its transaction.
  static boolean outlivesTransaction(Statement set) {
    return !set.startsWith("SET", "LOCAL")
        && !set.startsWith("SET", "TRANSACTION")
        && !set.startsWith("SET", "CONSTRAINTS");
  }

  void set(String text, Statement statement) {
    String name = nameOf(text, statement);
    if (name.equals("synchronous_commit")) {
      lowerDurability = lowersDurability(text);
    }
    forgetRole(name);
    settings.remove(name);
    settings.put(name, text.strip());
  }

  /// A parameter has this value, whatever set it.
  void known(String parameter, String value) {
    settings.remove(parameter);
    settings.put(parameter, ConfigCall.command(parameter, value));
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

  void reset(String text, Statement statement) {
    Matcher named = RESET.matcher(text);
    String name = named.matches() ? named.group(1).toLowerCase(Locale.ROOT) : "";
    if (statement.startsWith("RESET", "SESSION", "AUTHORIZATION")) {
      name = "session_authorization";
    } else if (statement.startsWith("RESET", "TIME", "ZONE")) {
      name = "timezone";
    }
    if (statement.startsWith("RESET", "ALL")) {
      settings.keySet().removeIf(kept -> !NOT_RESET.contains(kept) && !isPrepared(kept));
      lowerDurability = false;
    } else {
      forgetRole(name);
      settings.remove(name);
      lowerDurability &= !name.equals("synchronous_commit");
    }
  }

  void discardAll() {
    settings.clear();
    channels.clear();
    lowerDurability = false;
  }

  void listen(String text) {
    channels.add(text.strip());
  }

  void unlisten(String text) {
    String channel = text.strip().substring(8).strip();
    if (channel.equals("*")) {
      channels.clear();
    } else {
      channels.removeIf(listen -> listen.substring(6).strip().equalsIgnoreCase(channel));
    }
  }

  /// A statement prepared in SQL is made again by the same command, when it stands alone.
  void prepare(String text, Statement statement) {
    Matcher named = PREPARE.matcher(text.strip());
    if (named.matches() && statement.kind() == StatementKind.SESSION) {
      settings.put(PREPARED + folded(named.group(1)), text.strip());
    }
  }

  /// @return the name of the only statement that is gone, as the server knows it; `*` for all;
  ///   empty for none
  String deallocate(String text) {
    Matcher named = DEALLOCATE.matcher(text);
    if (!named.matches()) {
      return "";
    }
    if (named.group(1).equalsIgnoreCase("all")) {
      settings.keySet().removeIf(SessionSettings::isPrepared);
      return ALL;
    }
    String name = folded(named.group(1));
    settings.remove(PREPARED + name);
    return name;
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

  /// True when the client made its own commits not wait for the standby.
  boolean lowerDurability() {
    return lowerDurability;
  }

  boolean listens() {
    return !channels.isEmpty();
  }

  /// Commands that make all of it again, in order.
  List<String> commands() {
    return new Saved(settings, channels).commands();
  }
}
