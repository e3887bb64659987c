package dev.baton.engine.postgres.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One transaction of the client: what it asked and was given, as long as it may have to be
/// replayed, and what is known of its identity. A single autocommitted segment is a transaction
/// too.
final class OpenTransaction {
  private final long firstRequest;
  private final boolean guarded;
  private final List<Segment> answered = new ArrayList<>(4);
  private final long startedNanos;
  private final Map<String, SessionState.Prepared> portals = new HashMap<>(4);
  private final Map<String, SessionState.Prepared> used = new HashMap<>(4);
  private long bytes;
  private long place;
  private boolean gated;
  private long id;
  private boolean unasked;
  private boolean lost;
  private boolean replayable = true;
  private boolean doomed;
  private boolean untold;
  private boolean chained;

  /// @param firstRequest number of its first request in the session
  /// @param guarded whether a standby was there when it began, so that its requests are stamped,
  ///   kept, and its id is asked for
  OpenTransaction(long firstRequest, boolean guarded, long startedNanos) {
    this.firstRequest = firstRequest;
    this.guarded = guarded;
    this.startedNanos = startedNanos;
  }

  /// The transaction that a request began after it had ended this one. The request cannot be sent
  /// again for the later one's sake without doing the earlier one twice, so the later one is not
  /// replayable.
  OpenTransaction next(long firstRequest, boolean guarded, long startedNanos) {
    OpenTransaction next = new OpenTransaction(firstRequest, guarded, startedNanos);
    next.chained = true;
    next.replayable = false;
    next.portals.putAll(portals);
    return next;
  }

  /// Begun by the request that ended the transaction before it.
  boolean chained() {
    return chained;
  }

  long firstRequest() {
    return firstRequest;
  }

  boolean guarded() {
    return guarded;
  }

  long startedNanos() {
    return startedNanos;
  }

  /// 0: it has none, as far as was asked.
  long id() {
    return id;
  }

  void identified(long transaction) {
    id = transaction;
  }

  /// True when something that may write has run since it was last asked for its id, so that an id
  /// of 0 says nothing.
  boolean unasked() {
    return unasked && id == 0;
  }

  void mayHaveWritten() {
    unasked = true;
  }

  void asked() {
    unasked = false;
  }

  /// Its place among all transactions of the front whose end was sent; 0: its end was not.
  long place() {
    return place;
  }

  /// Its end is sent from here on.
  void ends(long taken) {
    place = taken;
  }

  /// It has passed the gate of durability `request`.
  boolean gated() {
    return gated;
  }

  void passedGate(long taken) {
    gated = true;
    ends(taken);
  }

  /// It runs a statement of the protocol, that was prepared before it or within it.
  void uses(SessionState.Prepared statement) {
    used.putIfAbsent(statement.name(), statement);
  }

  /// The first statement of this name that it ran, or null.
  SessionState.@Nullable Prepared used(String name) {
    return used.get(name);
  }

  /// Which statement each portal runs, as far as it was bound by the protocol.
  Map<String, SessionState.Prepared> portals() {
    return portals;
  }

  List<Segment> answered() {
    return answered;
  }

  long bytes() {
    return bytes;
  }

  /// Takes over the segment.
  void answered(Segment segment) {
    if (!segment.whole()) {
      replayable = false;
    }
    bytes += segment.bytes();
    answered.add(segment);
    if (!replayable) {
      forget();
    }
  }

  /// Its requests are not all kept, so it can only be ended with 40001 when its backend is lost.
  boolean replayable() {
    return replayable && guarded;
  }

  void notReplayable() {
    replayable = false;
    forget();
  }

  /// The server has rolled it back, though the client was told that it is open.
  boolean lost() {
    return lost;
  }

  void lose() {
    lost = true;
    untold = true;
    notReplayable();
  }

  /// On the backend it stands as a failed transaction, and nothing of it will be replayed.
  boolean doomed() {
    return doomed;
  }

  /// @param told whether the client knows
  void doom(boolean told) {
    doomed = true;
    untold = !told;
    notReplayable();
  }

  /// The client is told at its next request that the transaction is rolled back.
  boolean untold() {
    return untold;
  }

  void told() {
    untold = false;
  }

  /// It runs on another server, where it has another id.
  void beginsAnew() {
    unasked |= id != 0;
    id = 0;
    gated = false;
    place = 0;
  }

  private void forget() {
    answered.forEach(Segment::release);
    answered.clear();
    bytes = 0;
  }

  void release() {
    forget();
  }
}
