package dev.baton.core.memory;

import dev.baton.model.LogPosition;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the last committed transactions end in the log: an open-addressing table from the 32 bits
/// of an id that stand in the log to the end of its commit record, and a ring of the ids in the
/// log's order, so that the oldest leaves first. Grows up to its bound. Confined to one thread.
///
/// Clients are told ids of 64 bits; within a window of at most 2^30 ids the lower 32 name the same
/// transaction.
final class CommitIndex {
  private static final int LEAST_CAPACITY = 1024;

  private final int bound;
  private int[] ringIds;
  private long[] ringEnds;
  private int ringHead;
  private int size;

  /// Slot is free where `ends` is 0: no commit ends at the very start of a log.
  private int[] ids;

  private long[] ends;
  private long indexed;
  private boolean evicted;
  private int evictedHighest;

  CommitIndex(int bound) {
    this.bound = bound;
    int capacity = Math.min(bound, LEAST_CAPACITY);
    this.ringIds = new int[capacity];
    this.ringEnds = new long[capacity];
    this.ids = new int[tableSize(capacity)];
    this.ends = new long[ids.length];
  }

  private static int tableSize(int entries) {
    return Integer.highestOneBit(Math.max(4, entries) * 2 - 1) * 2;
  }

  void put(long transaction, LogPosition end) {
    if (end.bits() == 0) {
      throw new IllegalArgumentException("a commit record ends at " + end);
    }
    if (size == ringIds.length && size < bound) {
      grow();
    }
    if (size == ringIds.length) {
      evictOldest();
    }
    int id = (int) transaction;
    int tail = ringHead + size;
    tail = tail >= ringIds.length ? tail - ringIds.length : tail;
    ringIds[tail] = id;
    ringEnds[tail] = end.bits();
    size++;
    indexed++;
    store(id, end.bits());
  }

  /// End of the commit record of a transaction; null when there is none in the window.
  @Nullable LogPosition end(long transaction) {
    long end = ends[slot((int) transaction)];
    return end == 0 ? null : LogPosition.of(end);
  }

  /// Whether a transaction is committed by the log up to `settled`. Empty when it may have left the
  /// window, so that nobody can tell.
  Optional<Boolean> committed(long transaction, LogPosition settled) {
    LogPosition end = end(transaction);
    if (end != null) {
      return Optional.of(settled.isAtLeast(end));
    }
    boolean mayHaveLeft = evicted && (int) transaction - evictedHighest <= 0;
    return mayHaveLeft ? Optional.empty() : Optional.of(false);
  }

  /// Ids that were ever put.
  long indexed() {
    return indexed;
  }

  private void evictOldest() {
    int id = ringIds[ringHead];
    if (ends[slot(id)] == ringEnds[ringHead]) {
      remove(slot(id));
    }
    evictedHighest = evicted && evictedHighest - id > 0 ? evictedHighest : id;
    evicted = true;
    ringHead = ringHead + 1 == ringIds.length ? 0 : ringHead + 1;
    size--;
  }

  private void grow() {
    int capacity = (int) Math.min(bound, ringIds.length * 2L);
    int[] oldIds = ringIds;
    long[] oldEnds = ringEnds;
    int[] newIds = new int[capacity];
    long[] newEnds = new long[capacity];
    for (int i = 0; i < size; i++) {
      int from = (ringHead + i) % oldIds.length;
      newIds[i] = oldIds[from];
      newEnds[i] = oldEnds[from];
    }
    ringIds = newIds;
    ringEnds = newEnds;
    ringHead = 0;
    ids = new int[tableSize(capacity)];
    ends = new long[ids.length];
    for (int i = 0; i < size; i++) {
      store(newIds[i], newEnds[i]);
    }
  }

  private void store(int id, long end) {
    int slot = slot(id);
    ids[slot] = id;
    ends[slot] = end;
  }

  /// Where the id is, or where it would be put. The table is never more than half full.
  private int slot(int id) {
    int mask = ids.length - 1;
    int slot = home(id, mask);
    while (ends[slot] != 0 && ids[slot] != id) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private static int home(int id, int mask) {
    int mixed = id * 0x9E3779B9;
    return (mixed ^ mixed >>> 15) & mask;
  }

  /// Closes the gap, so that no search ends too early at a removed slot.
  private void remove(int removed) {
    int mask = ids.length - 1;
    int gap = removed;
    int slot = gap;
    while (true) {
      slot = slot + 1 & mask;
      if (ends[slot] == 0) {
        ends[gap] = 0;
        return;
      }
      int distanceFromHome = slot - home(ids[slot], mask) & mask;
      if (distanceFromHome >= (slot - gap & mask)) {
        ids[gap] = ids[slot];
        ends[gap] = ends[slot];
        gap = slot;
      }
    }
  }

  void clear() {
    Arrays.fill(ends, 0);
    ringHead = 0;
    size = 0;
    evicted = false;
  }
}
