package dev.baton.engine.postgres.admin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How an [AdminConnection] logs in and how long it waits.
///
/// @param parameters more of the start-up packet (`application_name` names a synchronous standby)
/// @param timeout of the login and of each command; a command with a copy has it until the copy
///   begins and again from the copy's end
public record AdminLogin(
    String user,
    String password,
    String database,
    Map<String, String> parameters,
    Duration timeout) {
  public AdminLogin {
    parameters = Map.copyOf(parameters);
  }

  public static AdminLogin of(String user, String password, String database, Duration timeout) {
    return new AdminLogin(user, password, database, Map.of(), timeout);
  }

  public AdminLogin with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new AdminLogin(user, password, database, more, timeout);
  }

  /// Speaks replication commands instead of SQL.
  public AdminLogin forReplication() {
    return with("replication", "true");
  }

  /// A fixed search_path and encoding, so that no setting of a role or database changes what our
  /// questions mean.
  Map<String, String> startup() {
    Map<String, String> startup = new LinkedHashMap<>();
    startup.put("user", user);
    startup.put("database", database);
    startup.put("application_name", "baton");
    startup.put("client_encoding", "UTF8");
    startup.put("search_path", "pg_catalog");
    startup.put("DateStyle", "ISO");
    startup.putAll(parameters);
    return startup;
  }

  @Override
  public String toString() {
    return "AdminLogin[" + user + " to " + database + "]";
  }
}
