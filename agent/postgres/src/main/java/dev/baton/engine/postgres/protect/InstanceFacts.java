package dev.baton.engine.postgres.protect;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a running instance is like, as far as protecting it depends on it. Gathered by
/// [FactsReader], judged by [ProtectionCheck].
///
/// @param versionNumber as `server_version_num`: 180006
/// @param dataDirectory as the server names it
/// @param databases that take connections
/// @param passwords how the password of each role that may log in is stored
/// @param missingRights what the agents' role may not do, in words
/// @param rules problems of the access rules, with where they stand
/// @param clients connections of others than the agents
record InstanceFacts(
    int versionNumber,
    boolean inRecovery,
    String dataDirectory,
    Map<String, Setting> settings,
    List<RoleSetting> roleSettings,
    List<Database> databases,
    List<Tablespace> tablespaces,
    List<Slot> slots,
    List<Standby> standbys,
    List<Prepared> prepared,
    List<Password> passwords,
    List<String> missingRights,
    List<RuleProblem> rules,
    int clients) {

  /// @param value in its base unit
  /// @param source `default`, `configuration file`, `command line`, …
  /// @param context `postmaster` when a restart is needed
  /// @param file with its line; empty when it stands in none
  record Setting(String value, String source, String context, String file) {}

  /// A setting that belongs to a role, a database, or both.
  record RoleSetting(String owner, String name, String value) {}

  /// @param provider of its collation: `c` for the C library, `i`, `b`
  /// @param collation its default one
  /// @param stale collations whose library has another version now than when they were made
  /// @param unlogged number of unlogged tables
  /// @param libraries that its functions use, without `$libdir` and ending
  record Database(
      String name,
      long bytes,
      String provider,
      String collation,
      List<String> stale,
      int unlogged,
      List<String> libraries) {
    /// Whether its order of texts depends on the C library of its host.
    boolean dependsOnCLibrary() {
      return provider.equals("c")
          && !List.of("C", "POSIX", "C.UTF-8", "C.utf8").contains(collation);
    }
  }

  record Tablespace(String name, String location) {}

  record Slot(String name, String kind, boolean active) {}

  record Standby(String name, String address, String state) {}

  record Prepared(String id, String database, long ageSeconds) {}

  /// @param kind `scram-sha-256`, `md5`, `none`, or `unknown`
  record Password(String role, String kind) {}

  record RuleProblem(String where, String found, String remedy) {}

  Optional<String> value(String setting) {
    return Optional.ofNullable(settings.get(setting)).map(Setting::value);
  }

  boolean isOn(String setting) {
    return value(setting).filter("on"::equals).isPresent();
  }

  long bytes() {
    return databases.stream().mapToLong(Database::bytes).sum();
  }

  int major() {
    return versionNumber / 10_000;
  }
}
