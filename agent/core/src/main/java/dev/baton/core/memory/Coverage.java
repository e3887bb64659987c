package dev.baton.core.memory;

import dev.baton.model.LogPosition;

/// The comparison of positions on which de-duplication stands.
final class Coverage {
  private Coverage() {}

  /// Whether log that reaches `commitEnd`, the end of a commit record, makes a request redundant
  /// that was stamped at `stamp`.
  ///
  /// A stamp is a lower bound of the end that the log had when the request was read, so all that
  /// the request causes begins at the stamp or after it, and a record that ends at the stamp or
  /// before it was there first: it belongs to somebody else with the same id, 2^32 transactions or
  /// one take-over ago. Taking "at" for "after" would drop a request that nobody has carried out.
  static boolean covers(LogPosition stamp, LogPosition commitEnd) {
    return stamp.isBefore(commitEnd);
  }
}
