package dev.baton.engine.postgres.instance;

import java.io.IOException;
import java.util.Optional;

/// What a server knows of the transactions of its life before the present one. Ids that were given
/// then and left no trace in the log are given again: which those are is known by the first id of
/// the present life.
///
/// @param firstOfNext id; 0 when it is not known
record FormerLife(long firstOfNext) {
  static final FormerLife UNKNOWN = new FormerLife(0);

  /// Of a server that has just started, as the checkpoint has it with which a start ends, before
  /// anything can be given an id.
  static FormerLife before(AdminSession admin) throws IOException {
    String next = admin.ask("SELECT next_xid FROM pg_catalog.pg_control_checkpoint()");
    if (next == null) {
      return UNKNOWN;
    }
    int colon = next.indexOf(':'); // epoch and id within it
    long epoch = Long.parseLong(next, 0, colon, 10);
    return new FormerLife(
        (epoch << Integer.SIZE) | Long.parseLong(next, colon + 1, next.length(), 10));
  }

  /// @return empty when it cannot be told: prepared, or too old
  Optional<Boolean> committed(AdminSession admin, long transaction) throws IOException {
    if (firstOfNext == 0 || transaction <= 0) {
      return Optional.empty();
    }
    if (transaction >= firstOfNext) {
      return Optional.of(false);
    }
    String status = admin.ask("SELECT pg_catalog.pg_xact_status('" + transaction + "'::xid8)");
    return switch (String.valueOf(status)) {
      case "committed" -> Optional.of(true);
      case "aborted" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
