package dev.baton.core.memory;

import dev.baton.model.Stamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The transactions of one front's sessions that are held, or covered but not yet ended. A session
/// is forgotten with the last of its transactions.
final class FrontSessions {
  private final String front;
  private final Map<Long, Deque<HeldTransaction>> sessions = new HashMap<>();

  FrontSessions(String front) {
    this.front = front;
  }

  /// The transaction to which a request belongs, a new one if need be.
  HeldTransaction accept(Stamp stamp, long firstRequest, long nowNanos) {
    Deque<HeldTransaction> transactions =
        sessions.computeIfAbsent(stamp.session(), session -> new ArrayDeque<>(2));
    HeldTransaction last = transactions.peekLast();
    long least = last == null ? firstRequest : Math.max(firstRequest, last.lastRequest + 1);
    if (stamp.request() < least || (last != null && firstRequest < last.firstRequest)) {
      throw new IllegalArgumentException(
          "session "
              + stamp.session()
              + ": request "
              + stamp.request()
              + " of transaction "
              + firstRequest
              + ", expected at least request "
              + least);
    }
    if (last != null && last.firstRequest == firstRequest) {
      if (stamp.request() != last.lastRequest + 1) {
        last.bodies = null;
      }
      return last;
    }
    HeldTransaction next =
        new HeldTransaction(
            front,
            stamp.session(),
            firstRequest,
            stamp.position(),
            nowNanos,
            stamp.request() == firstRequest);
    transactions.addLast(next);
    return next;
  }

  @Nullable HeldTransaction find(long session, long firstRequest) {
    Deque<HeldTransaction> transactions = sessions.get(session);
    if (transactions != null) {
      for (HeldTransaction transaction : transactions) {
        if (transaction.firstRequest == firstRequest) {
          return transaction;
        }
      }
    }
    return null;
  }

  @Nullable HeldTransaction last(long session) {
    Deque<HeldTransaction> transactions = sessions.get(session);
    return transactions == null ? null : transactions.peekLast();
  }

  /// Whether nothing is missing of what is held of a session up to a request.
  boolean whole(long session, long request) {
    Deque<HeldTransaction> transactions = sessions.get(session);
    if (transactions == null) {
      return false;
    }
    for (HeldTransaction transaction : transactions) {
      if (transaction.firstRequest <= request
          && !transaction.covered()
          && transaction.bodies == null) {
        return false;
      }
    }
    return true;
  }

  void remove(HeldTransaction transaction) {
    Deque<HeldTransaction> transactions = sessions.get(transaction.session);
    if (transactions != null) {
      transactions.remove(transaction);
      if (transactions.isEmpty()) {
        sessions.remove(transaction.session);
      }
    }
  }

  List<HeldTransaction> all() {
    List<HeldTransaction> all = new ArrayList<>();
    sessions.values().forEach(all::addAll);
    return all;
  }
}
