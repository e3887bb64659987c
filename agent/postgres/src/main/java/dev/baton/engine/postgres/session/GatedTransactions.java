package dev.baton.engine.postgres.session;

import dev.baton.core.route.Route;
import dev.baton.core.route.Route.Fate;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transactions of a session that are over, as far as the client or others may know, though the
/// log may lack them: under durability `request` its last ones, of which nobody knows yet whether
/// the log in the memory covers them, and, once their epoch has ended, those that it does not; and
/// whatever the durability, one whose end is under way.
///
/// A session's commits stand in the log in their order, so one that is covered covers all before
/// it.
final class GatedTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(GatedTransactions.class);

  /// What is older than this is taken to be covered: a session that commits a thousand times a
  /// second is 64 ms behind with it, the log of a memory that keeps up about one.
  static final int MAX_KEPT = 64;

  static final long MAX_KEPT_BYTES = 256 << 10;

  private final long session;
  private final RestoreOrder order;
  private final ArrayDeque<GatedTransaction> kept = new ArrayDeque<>();
  private final NavigableMap<Long, GatedTransaction> uncovered = new TreeMap<>();
  private final Set<Long> announced = new HashSet<>();
  private long keptBytes;

  /// Place of the one whose end was under way when the home was lost; 0: none, or it is resolved.
  private long ending;

  GatedTransactions(long session, RestoreOrder order) {
    this.session = session;
    this.order = order;
  }

  /// The client was told that it is committed.
  void acknowledged(GatedTransaction transaction) {
    kept.addLast(transaction);
    keptBytes += transaction.bytes();
    while (kept.size() > MAX_KEPT || (keptBytes > MAX_KEPT_BYTES && kept.size() > 1)) {
      dropOldest();
    }
  }

  private void dropOldest() {
    GatedTransaction oldest = kept.removeFirst();
    keptBytes -= oldest.bytes();
    oldest.release();
    // it was announced only if it was still kept then
    arrived(oldest.place());
  }

  /// The home is gone: sessions whose transactions may depend on these wait for them.
  ///
  /// @param underWay one whose end was sent and not answered, or null
  void announce(@Nullable OpenTransaction underWay) {
    kept.forEach(transaction -> announce(transaction.place(), true));
    if (underWay != null && underWay.place() != 0) {
      ending = underWay.place();
      announce(ending, false);
    }
  }

  private void announce(long place, boolean acknowledged) {
    if (announced.add(place)) {
      order.announcePlace(place, acknowledged);
    }
  }

  private void arrived(long place) {
    if (place == ending) {
      ending = 0;
    }
    if (announced.remove(place)) {
      order.placeDone(place);
    }
  }

  /// Place of the transaction whose end was under way, and which others wait for; 0: none.
  long ending() {
    return ending;
  }

  /// It is known what became of that one, it has been ended anew, or it goes the way of every open
  /// transaction.
  void resolved() {
    if (ending != 0) {
      arrived(ending);
    }
  }

  /// The session's last transaction is in the log, and so are all before it.
  void covered() {
    while (!kept.isEmpty()) {
      dropOldest();
    }
  }

  /// Its commit was under way and is not in the log.
  void uncovered(GatedTransaction transaction) {
    GatedTransaction before = uncovered.put(transaction.place(), transaction);
    if (before != null && before.isAcknowledged()) {
      before.release();
    }
  }

  /// Asks what became of each, the latest first, until one is covered.
  void settle(Route route, SessionClock loop, BooleanSupplier current, Runnable then) {
    GatedTransaction latest = kept.peekLast();
    if (latest == null) {
      then.run();
      return;
    }
    route
        .fate(latest.epoch(), latest.id())
        .whenComplete(
            (fate, failure) ->
                loop.execute(
                    () -> {
                      if (current.getAsBoolean()) {
                        told(fate, failure);
                        settle(route, loop, current, then);
                      }
                    }));
  }

  private void told(@Nullable Fate fate, @Nullable Throwable failure) {
    GatedTransaction latest = kept.removeLast();
    keptBytes -= latest.bytes();
    if (fate == null) {
      alarm(latest, "what became of it was not told: " + failure);
      discard(latest);
      return;
    }
    switch (fate) {
      case COMMITTED -> {
        discard(latest);
        covered();
      }
      case NOT_COMMITTED -> uncovered(latest);
    }
  }

  /// The backend was lost on which they were replayed. One whose commit was sent there may be in
  /// effect: nobody can tell, and it is not replayed again.
  ///
  /// @return that one
  @Nullable GatedTransaction interrupted() {
    GatedTransaction first = next();
    return first != null && first.commitSent() ? first : null;
  }

  boolean isReplaying() {
    return !uncovered.isEmpty();
  }

  /// The one that is to be replayed next, or null.
  @Nullable GatedTransaction next() {
    return uncovered.isEmpty() ? null : uncovered.firstEntry().getValue();
  }

  void done(GatedTransaction transaction) {
    uncovered.remove(transaction.place());
    discard(transaction);
  }

  private void discard(GatedTransaction transaction) {
    transaction.release();
    arrived(transaction.place());
  }

  /// An acknowledged transaction is not there any more as the client was told.
  void alarm(GatedTransaction transaction, String why) {
    LOG.error(
        "session {}: DIVERGENCE: an acknowledged transaction is lost, {}; transaction={} epoch={}"
            + " firstRequest={} requests={}",
        session,
        why,
        transaction.id(),
        transaction.epoch(),
        transaction.transaction().firstRequest(),
        transaction.requests());
  }

  /// The session ends.
  ///
  /// @return how many acknowledged transactions are lost with it
  int end() {
    int lost = 0;
    for (GatedTransaction transaction : uncovered.values()) {
      if (transaction.isAcknowledged()) {
        alarm(transaction, "its session ended before it was replayed");
        lost++;
      }
    }
    release(uncovered.values());
    uncovered.clear();
    release(kept);
    kept.clear();
    announced.forEach(order::placeDone);
    announced.clear();
    return lost;
  }

  private static void release(Collection<GatedTransaction> transactions) {
    transactions.forEach(GatedTransaction::release);
  }
}
