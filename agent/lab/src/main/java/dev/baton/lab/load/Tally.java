package dev.baton.lab.load;

import java.util.concurrent.atomic.LongAdder;

/// What all clients together have counted. Written by every client, read at any time.
public final class Tally {
  final LongAdder acknowledged = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder errors = new LongAdder();
  final LongAdder reconnects = new LongAdder();
  final LongAdder reads = new LongAdder();

  /// Transactions that wrote and whose commit was answered.
  public long acknowledged() {
    return acknowledged.sum();
  }

  /// Transactions that were told 40001 on a living connection, and were repeated.
  public long retried() {
    return retried.sum();
  }

  /// Every other error, and every read that showed what cannot be.
  public long errors() {
    return errors.sum();
  }

  public long reconnects() {
    return reconnects.sum();
  }

  public long reads() {
    return reads.sum();
  }
}
