package dev.baton.core.memory;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compares stamped requests with the commits in the log, by position, and drops the requests that
/// are redundant. Pure: no thread, clock or I/O.
///
/// - Log before a request's stamp cannot cover it ([Coverage]).
/// - The commit record of its transaction at a position after the stamp covers it: the request is
///   purged, the log is what goes on to the second database.
/// - Requests of a transaction that wrote nothing or was rolled back are purged when it ends.
/// - What is forwarded to the next home as requests makes the log of its transaction count for
///   nothing.
///
/// Requests and log come in independently: a commit may be indexed before the message that names
/// the transaction, or before its COMMIT's own stamp.
///
/// At all times: stamped = purged + forwarded + held + discarded.
final class Deduplication {
  private final long boundBytes;
  private final CommitIndex index;
  private final OpenLog openLog = new OpenLog();
  private final Map<String, FrontSessions> fronts = new HashMap<>();
  private final Map<Integer, HeldTransaction> byId = new HashMap<>();

  /// What is not covered, oldest first.
  private final Set<HeldTransaction> held = new LinkedHashSet<>();

  private long gates;
  private long heldBytes;
  private long heldBytesMax;
  private long heldRequests;
  private long stamped;
  private long purged;
  private long forwarded;
  private long discarded;
  private long thinned;
  private long logBytesPurged;

  Deduplication(long boundBytes, CommitIndex index) {
    this.boundBytes = boundBytes;
    this.index = index;
  }

  /// @param request null: its bytes were not sent
  /// @throws IllegalArgumentException when the request's number does not rise within its session
  void stamped(
      String front, Stamp stamp, long firstRequest, @Nullable ByteBuffer request, long nowNanos) {
    FrontSessions sessions = fronts.computeIfAbsent(front, FrontSessions::new);
    HeldTransaction transaction = sessions.accept(stamp, firstRequest, nowNanos);
    stamped++;
    transaction.lastRequest = stamp.request();
    LogPosition coveredAt = transaction.coveredAt;
    if (coveredAt != null && Coverage.covers(stamp.position(), coveredAt)) {
      // The log was faster than the request that caused it.
      purged++;
      return;
    }
    hold(transaction, stamp.position(), request);
  }

  private void hold(HeldTransaction transaction, LogPosition stamp, @Nullable ByteBuffer request) {
    if (!held.contains(transaction)) {
      makeRoom(transaction.bytes);
      held.add(transaction);
      countBytes(transaction.bytes);
      if (transaction.transaction != 0 && transaction.covered()) {
        transaction.coveredAt = null;
        link(transaction);
      }
    }
    transaction.lastStamp = transaction.lastStamp.max(stamp);
    transaction.requests++;
    heldRequests++;
    keep(transaction, request);
    coverIfIndexed(transaction);
  }

  private void keep(HeldTransaction transaction, @Nullable ByteBuffer request) {
    List<byte[]> bodies = transaction.bodies;
    if (bodies == null) {
      return;
    }
    if (request == null) {
      thin(transaction);
      return;
    }
    long added = request.remaining() + (long) HeldTransaction.REQUEST_OVERHEAD_BYTES;
    if (heldBytes + added > boundBytes) {
      thin(transaction);
      return;
    }
    byte[] body = new byte[request.remaining()];
    request.get(body);
    bodies.add(body);
    transaction.bytes += added;
    countBytes(added);
  }

  /// Drops a transaction's bytes; what became of it can still be told.
  private void thin(HeldTransaction transaction) {
    if (transaction.bodies != null) {
      transaction.bodies = null;
      thinned++;
      countBytes(HeldTransaction.OVERHEAD_BYTES - transaction.bytes);
      transaction.bytes = HeldTransaction.OVERHEAD_BYTES;
    }
  }

  /// Makes room for the record of one more transaction by forgetting the oldest. Only bytes of
  /// requests are refused, records are not: the newest are the ones that are asked for.
  private void makeRoom(long bytes) {
    while (heldBytes + bytes > boundBytes && !held.isEmpty()) {
      HeldTransaction oldest = held.iterator().next();
      discarded += oldest.requests;
      drop(oldest);
      forget(oldest);
    }
  }

  void identified(String front, long session, long firstRequest, long id) {
    HeldTransaction transaction = find(front, session, firstRequest);
    if (transaction == null || transaction.transaction == id) {
      return;
    }
    unlink(transaction);
    transaction.transaction = id;
    if (held.contains(transaction)) {
      link(transaction);
      coverIfIndexed(transaction);
    }
  }

  /// @throws IllegalArgumentException when a commit is told of a whole transaction without an id,
  ///   since nothing could ever cover it
  void ended(String front, long session, long firstRequest, Ending ending) {
    HeldTransaction transaction = find(front, session, firstRequest);
    if (transaction == null) {
      return;
    }
    switch (ending) {
      case ROLLED_BACK, READ_ONLY -> {
        purge(transaction);
        forget(transaction);
      }
      case COMMITTED -> {
        if (transaction.transaction == 0 && transaction.bodies == null) {
          // Its id may have been told before this memory joined, or in what a front had to drop.
          discarded += transaction.requests;
          drop(transaction);
          forget(transaction);
          return;
        }
        if (transaction.transaction == 0) {
          throw new IllegalArgumentException(
              "session " + session + ", request " + firstRequest + ": committed without an id");
        }
        transaction.ended = true;
        if (transaction.covered()) {
          forget(transaction);
        }
      }
    }
  }

  void forwarded(String front, long session, long firstRequest) {
    HeldTransaction transaction = find(front, session, firstRequest);
    if (transaction == null) {
      return;
    }
    forwarded += transaction.requests;
    if (transaction.transaction != 0 && index.end(transaction.transaction) == null) {
      logBytesPurged += openLog.take(transaction.transaction);
    }
    drop(transaction);
    forget(transaction);
  }

  /// @return whether the session's requests up to `request` are all here, those that the log covers
  ///   aside
  boolean acknowledge(String front, long session, long request, long answersDigest) {
    FrontSessions sessions = fronts.get(front);
    if (sessions == null) {
      return false;
    }
    HeldTransaction last = sessions.last(session);
    if (last == null || last.lastRequest < request) {
      return false;
    }
    if (last.gate == 0) {
      last.gate = ++gates;
    }
    last.answersDigest = answersDigest;
    return sessions.whole(session, request);
  }

  /// The front is gone and its sessions with it: nobody replays what they left.
  void forgetFront(String front) {
    FrontSessions sessions = fronts.remove(front);
    if (sessions != null) {
      for (HeldTransaction transaction : sessions.all()) {
        discarded += transaction.requests;
        drop(transaction);
      }
    }
  }

  void committed(long[] transactions, LogPosition end) {
    for (long id : transactions) {
      index.put(id, end);
      openLog.take(id);
      HeldTransaction next = byId.get((int) id);
      while (next != null) {
        HeldTransaction transaction = next;
        next = next.nextOfSameId;
        coverIfIndexed(transaction);
      }
    }
  }

  void aborted(long[] transactions) {
    for (long id : transactions) {
      openLog.take(id);
    }
  }

  void changed(long transaction, int bytes) {
    openLog.add(transaction, bytes);
  }

  private void coverIfIndexed(HeldTransaction transaction) {
    LogPosition end =
        transaction.transaction == 0 || !held.contains(transaction)
            ? null
            : index.end(transaction.transaction);
    if (end == null || !Coverage.covers(transaction.lastStamp, end)) {
      return;
    }
    purge(transaction);
    transaction.coveredAt = end;
    if (transaction.ended) {
      forget(transaction);
    }
  }

  private void purge(HeldTransaction transaction) {
    purged += transaction.requests;
    drop(transaction);
  }

  /// Takes what is held of it out of the counts; its session still knows it.
  private void drop(HeldTransaction transaction) {
    if (held.remove(transaction)) {
      unlink(transaction);
      heldRequests -= transaction.requests;
      countBytes(-transaction.bytes);
    }
    transaction.requests = 0;
    transaction.bytes = HeldTransaction.OVERHEAD_BYTES;
    transaction.bodies = null;
  }

  private void forget(HeldTransaction transaction) {
    FrontSessions sessions = fronts.get(transaction.front);
    if (sessions != null) {
      sessions.remove(transaction);
    }
  }

  private void link(HeldTransaction transaction) {
    transaction.nextOfSameId = byId.put((int) transaction.transaction, transaction);
  }

  private void unlink(HeldTransaction transaction) {
    if (transaction.transaction == 0) {
      return;
    }
    int id = (int) transaction.transaction;
    HeldTransaction first = byId.get(id);
    if (first == transaction) {
      if (transaction.nextOfSameId == null) {
        byId.remove(id);
      } else {
        byId.put(id, transaction.nextOfSameId);
      }
    } else {
      for (HeldTransaction at = first; at != null; at = at.nextOfSameId) {
        if (at.nextOfSameId == transaction) {
          at.nextOfSameId = transaction.nextOfSameId;
        }
      }
    }
    transaction.nextOfSameId = null;
  }

  private void countBytes(long bytes) {
    heldBytes += bytes;
    heldBytesMax = Math.max(heldBytesMax, heldBytes);
  }

  @Nullable HeldTransaction find(String front, long session, long firstRequest) {
    FrontSessions sessions = fronts.get(front);
    return sessions == null ? null : sessions.find(session, firstRequest);
  }

  /// What no log covers, oldest first; a view.
  Collection<HeldTransaction> uncovered() {
    return Collections.unmodifiableSet(held);
  }

  Counts counts() {
    return new Counts(
        stamped,
        purged,
        forwarded,
        discarded,
        thinned,
        heldRequests,
        heldBytes,
        heldBytesMax,
        logBytesPurged);
  }

  /// @param discarded requests of fronts that are gone, or dropped with their stamps at the bound
  /// @param thinned transactions whose bytes were dropped at the bound
  record Counts(
      long stamped,
      long purged,
      long forwarded,
      long discarded,
      long thinned,
      long held,
      long heldBytes,
      long heldBytesMax,
      long logBytesPurged) {}
}
