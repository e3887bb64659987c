package dev.baton.core.model;

/// A variable of the model; all of them together are one `long`. The host that is home at first is
/// A, its standby B.
enum Field {
  /// The record: 1 when B is home.
  HOME_IS_B(1),
  /// The record: B is out, joining, or in sync, as generation `GENERATION`.
  MEMBER(2),
  GENERATION(2),

  A_UP(1),
  A_DOOR(1),
  /// What A knows is the present version of the record.
  A_FRESH(1),
  /// The last that A has seen of `MEMBER` and `GENERATION`.
  A_MEMBER(2),
  A_GENERATION(2),
  /// Generation of B's memory for which A's database holds commits; 0: for none.
  A_WAITS(2),
  /// Commits in A's log, and how many of them B's memory has acknowledged.
  A_LOG(2),
  A_FLUSHED(2),
  /// From where on commits wait.
  A_JOIN(2),
  /// Commits that a client was told of, or shown.
  A_TOLD(2),
  /// Time since A asked for the lease that it has.
  A_LEASE_AGE(2),
  /// Generation that has said yes to A.
  A_GRANTED(2),
  /// A has come up anew and recorded it.
  A_RESUMED(1),
  /// A write of the record that A has asked for: none, out, renewed; and how long ago.
  WRITE(2),
  WRITE_AGE(2),

  B_UP(1),
  B_GENERATION(2),
  B_LOG(2),
  /// See `Role`.
  B_ROLE(3),
  B_FRESH(1),
  /// Time since B said yes to A or saw the record change.
  B_AGE(2),
  /// 1 more than the position from where on commits wait for B; 0: not told.
  B_JOIN(2),
  /// A has come up anew since B last looked at the record.
  B_OUTDATED(1),
  /// A has told B that its door is shut for good.
  B_ATTESTED(1),

  /// On their way: an acknowledgement and a yes, with the generation that sent them; 0: none.
  ACK(2),
  ACK_GENERATION(2),
  YES_AGE(2),
  YES_GENERATION(2);

  private final int bits;
  private final int shift;

  Field(int bits) {
    this.bits = bits;
    this.shift = Layout.take(bits);
  }

  /// One after the other.
  private static final class Layout {
    private static int used;

    static int take(int bits) {
      int shift = used;
      used += bits;
      if (used > Long.SIZE) {
        throw new IllegalStateException("a state needs more than " + Long.SIZE + " bits");
      }
      return shift;
    }
  }

  int of(long state) {
    return (int) (state >>> shift) & ((1 << bits) - 1);
  }

  boolean isSet(long state) {
    return of(state) != 0;
  }

  long set(long state, int value) {
    if (value < 0 || value >= 1 << bits) {
      throw new IllegalArgumentException(this + " cannot be " + value);
    }
    long others = state & ~(((1L << bits) - 1) << shift);
    return others | ((long) value << shift);
  }

  static String text(long state) {
    StringBuilder text = new StringBuilder();
    for (Field field : values()) {
      if (field.isSet(state)) {
        text.append(text.isEmpty() ? "" : " ").append(field).append('=').append(field.of(state));
      }
    }
    return text.toString();
  }
}
