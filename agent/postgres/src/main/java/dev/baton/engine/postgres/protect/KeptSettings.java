package dev.baton.engine.postgres.protect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Settings that an instance keeps when it is taken over, although Baton has values of its own for
/// the instances that it makes.
final class KeptSettings {
  /// Baton's values for them are only usual ones.
  private static final List<String> AS_THEY_ARE =
      List.of("max_connections", "log_line_prefix", "log_timezone", "logging_collector");

  /// Baton needs at least so many.
  private static final Map<String, Integer> AT_LEAST =
      Map.of("max_wal_senders", 10, "max_replication_slots", 10);

  private KeptSettings() {}

  static Map<String, String> of(InstanceFacts facts) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (String name : AS_THEY_ARE) {
      facts.value(name).ifPresent(value -> kept.put(name, value));
    }
    AT_LEAST.forEach(
        (name, least) ->
            facts
                .value(name)
                .map(Long::parseLong)
                .filter(value -> value > least)
                .ifPresent(value -> kept.put(name, Long.toString(value))));
    facts
        .value("wal_level")
        .filter("logical"::equals)
        .ifPresent(value -> kept.put("wal_level", value));
    // Clients' TLS ends at the agent, and certificates are not copied to a standby's host.
    kept.put("ssl", "off");
    return kept;
  }
}
