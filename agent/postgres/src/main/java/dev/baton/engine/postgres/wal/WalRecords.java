package dev.baton.engine.postgres.wal;

import java.nio.ByteBuffer;

/// Takes complete, checked records in the log's order. Positions are 64-bit, as on the wire, since
/// millions of records a second pass here.
public interface WalRecords {
  /// Whether the body of such records is wanted; that of others is checked but not kept.
  boolean wantsBody(int resourceManager, int info);

  /// A complete record.
  ///
  /// @param transaction id in the record's header, unsigned 32 bits; 0 for none
  /// @param recordBytes length with the header, without padding
  /// @param body what follows the header, little-endian, valid during the call; empty when not
  ///   wanted
  /// @param end position after the record and its padding
  /// @throws WalFormatException when the record's content contradicts itself
  void record(
      WalFormat format,
      int resourceManager,
      int info,
      long transaction,
      int recordBytes,
      ByteBuffer body,
      long end)
      throws WalFormatException;

  /// Every record that ends at or before `end` was given, and none is under way there.
  void complete(long end);
}
