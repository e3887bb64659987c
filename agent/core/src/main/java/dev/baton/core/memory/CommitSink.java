package dev.baton.core.memory;

import dev.baton.model.LogPosition;

/// Takes what the log says about transactions, in the log's order. Confined to the memory's thread.
public interface CommitSink {
  /// A complete commit record.
  ///
  /// @param transactions the id of the transaction, then those of its subtransactions
  /// @param end position after the record
  void committed(long[] transactions, LogPosition end);

  /// A complete abort record.
  void aborted(long[] transactions, LogPosition end);

  /// All complete records up to here were seen.
  void complete(LogPosition end);

  /// A complete record of a transaction's change. It lets the memory say how much log counted for
  /// nothing because its transaction never committed; a source that does not know may leave it out.
  ///
  /// @param transaction id that stands in the record
  /// @param bytes length of the record
  default void changed(long transaction, int bytes) {}
}
