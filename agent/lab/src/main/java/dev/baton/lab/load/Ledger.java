package dev.baton.lab.load;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One client's own memory of what it was told. Written by its client alone; read when that has
/// ended.
public final class Ledger {
  private static final int FIRST_CAPACITY = 1024;

  private final long firstId;
  private Kind[] kinds = new Kind[FIRST_CAPACITY];
  private Outcome[] outcomes = new Outcome[FIRST_CAPACITY];
  private long[] keys = new long[FIRST_CAPACITY];
  private int size;

  /// @param number of the ledger, from 0; ledgers of different numbers have different ids
  public Ledger(int number) {
    this.firstId = (number + 1L) << Integer.SIZE;
  }

  /// Notes the intention, before anything is sent.
  ///
  /// @return the id under which the transaction is to be stored
  public long begin(Kind kind) {
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, size * 2);
      outcomes = Arrays.copyOf(outcomes, size * 2);
      keys = Arrays.copyOf(keys, size * 2);
    }
    kinds[size] = kind;
    outcomes[size] = Outcome.IN_DOUBT;
    return firstId + size++;
  }

  /// @param key that the database generated
  public void acknowledged(long id, long key) {
    outcomes[index(id)] = Outcome.ACKNOWLEDGED;
    keys[index(id)] = key;
  }

  public void rolledBack(long id) {
    outcomes[index(id)] = Outcome.ROLLED_BACK;
  }

  public Stream<Noted> notes() {
    return IntStream.range(0, size)
        .mapToObj(i -> new Noted(firstId + i, kinds[i], outcomes[i], keys[i]));
  }

  private int index(long id) {
    long index = id - firstId;
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("not of this ledger: " + id);
    }
    return (int) index;
  }
}
