package dev.baton.core.memory;

import dev.baton.model.LogPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stamped requests of one transaction, as far as they are not redundant. Only `Deduplication`
/// changes it.
final class HeldTransaction {
  /// What the records of a transaction and of a request cost beside a request's bytes.
  static final int OVERHEAD_BYTES = 256;

  static final int REQUEST_OVERHEAD_BYTES = 40;

  final String front;
  final long session;
  final long firstRequest;
  final long sinceNanos;
  final LogPosition firstStamp;
  LogPosition lastStamp;
  long lastRequest;
  int requests;
  long bytes = OVERHEAD_BYTES;

  /// Null when the bytes are not all here: dropped at the bound, or sent before this memory joined.
  @Nullable List<byte[]> bodies;

  /// 0: it has none yet.
  long transaction;

  /// Another transaction with the same 32 bits of id.
  @Nullable HeldTransaction nextOfSameId;

  /// End of the commit record that made its requests redundant; null while it is held.
  @Nullable LogPosition coveredAt;

  boolean ended;

  /// Place in the order of the gates; 0: none was asked.
  long gate;

  long answersDigest;

  HeldTransaction(
      String front,
      long session,
      long firstRequest,
      LogPosition stamp,
      long nowNanos,
      boolean whole) {
    this.front = front;
    this.session = session;
    this.firstRequest = firstRequest;
    this.firstStamp = stamp;
    this.lastStamp = stamp;
    this.sinceNanos = nowNanos;
    this.bodies = whole ? new ArrayList<>(2) : null;
  }

  boolean covered() {
    return coveredAt != null;
  }
}
