package dev.baton.engine.postgres.wal;

import java.nio.ByteBuffer;

/// A commit or abort record.
final class TransactionEnd {
  /// Resource manager of transactions.
  static final int RESOURCE_MANAGER = 1;

  private static final int OPERATION = 0x70;
  private static final int COMMIT = 0x00;
  private static final int ABORT = 0x20;
  private static final int COMMIT_PREPARED = 0x30;
  private static final int ABORT_PREPARED = 0x40;
  private static final int HAS_DETAILS = 0x80;

  private static final int DETAIL_DATABASE = 1;
  private static final int DETAIL_SUBTRANSACTIONS = 1 << 1;
  private static final int DETAIL_FILES = 1 << 2;
  private static final int DETAIL_INVALIDATIONS = 1 << 3;
  private static final int DETAIL_TWO_PHASE = 1 << 4;
  private static final int DETAIL_STATISTICS = 1 << 8;

  private static final int BLOCK_DATA_SHORT = 255;
  private static final int BLOCK_DATA_LONG = 254;
  private static final int BLOCK_ORIGIN = 253;
  private static final int BLOCK_TOP_TRANSACTION = 252;

  private static final long ID = 0xFFFF_FFFFL;

  private final boolean committed;
  private final long[] transactions;

  private TransactionEnd(boolean committed, long[] transactions) {
    this.committed = committed;
    this.transactions = transactions;
  }

  /// False: aborted.
  boolean committed() {
    return committed;
  }

  /// Id of the transaction, 0 when it had none, then those of its subtransactions; unsigned 32
  /// bits. The caller's own.
  long[] transactions() {
    return transactions;
  }

  static boolean isEnd(int resourceManager, int info) {
    if (resourceManager != RESOURCE_MANAGER) {
      return false;
    }
    int operation = info & OPERATION;
    return operation == COMMIT
        || operation == ABORT
        || operation == COMMIT_PREPARED
        || operation == ABORT_PREPARED;
  }

  /// Reads the body of a record for which `isEnd` holds.
  ///
  /// @throws WalFormatException when a length in it leads beyond its end
  static TransactionEnd read(
      WalFormat format, int info, long headerTransaction, ByteBuffer body, long end)
      throws WalFormatException {
    try {
      return parse(format, info, headerTransaction, body);
    } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
      throw new WalFormatException(
          end, "the transaction record that ends here is shorter than it says: " + e.getMessage());
    }
  }

  private static TransactionEnd parse(
      WalFormat format, int info, long headerTransaction, ByteBuffer body) {
    int operation = info & OPERATION;
    boolean committed = operation == COMMIT || operation == COMMIT_PREPARED;
    boolean twoPhase = operation == COMMIT_PREPARED || operation == ABORT_PREPARED;
    toMainData(body);
    skip(body, Long.BYTES, 1); // the time
    int details = (info & HAS_DETAILS) != 0 ? body.getInt() : 0;
    if ((details & DETAIL_DATABASE) != 0) {
      skip(body, Long.BYTES, 1);
    }
    int subtransactions = (details & DETAIL_SUBTRANSACTIONS) != 0 ? count(body, Integer.BYTES) : 0;
    long[] transactions = new long[1 + subtransactions];
    for (int i = 1; i <= subtransactions; i++) {
      transactions[i] = body.getInt() & ID;
    }
    transactions[0] =
        twoPhase ? twoPhaseTransaction(format, committed, details, body) : headerTransaction;
    return new TransactionEnd(committed, transactions);
  }

  /// The header of a record that ends a prepared transaction names the session's own transaction,
  /// mostly none; the prepared one stands behind everything that the commit drops.
  private static long twoPhaseTransaction(
      WalFormat format, boolean committed, int details, ByteBuffer body) {
    if ((details & DETAIL_TWO_PHASE) == 0) {
      throw new IllegalArgumentException("a prepared transaction's end without its id");
    }
    if ((details & DETAIL_FILES) != 0) {
      skip(body, 3 * Integer.BYTES, count(body, 3 * Integer.BYTES));
    }
    if ((details & DETAIL_STATISTICS) != 0) {
      int bytes = format.droppedStatisticsBytes();
      skip(body, bytes, count(body, bytes));
    }
    if (committed && (details & DETAIL_INVALIDATIONS) != 0) {
      skip(body, 16, count(body, 16));
    }
    return body.getInt() & ID;
  }

  /// Records of this manager touch no blocks: their main data comes after an origin or a top
  /// transaction at most.
  private static void toMainData(ByteBuffer body) {
    while (true) {
      int block = body.get() & 0xFF;
      switch (block) {
        case BLOCK_ORIGIN -> skip(body, Short.BYTES, 1);
        case BLOCK_TOP_TRANSACTION -> skip(body, Integer.BYTES, 1);
        case BLOCK_DATA_SHORT -> {
          expectRemaining(body, body.get() & 0xFF);
          return;
        }
        case BLOCK_DATA_LONG -> {
          expectRemaining(body, body.getInt());
          return;
        }
        default -> throw new IllegalArgumentException("unexpected block reference " + block);
      }
    }
  }

  private static void expectRemaining(ByteBuffer body, int bytes) {
    if (body.remaining() != bytes) {
      throw new IllegalArgumentException(
          "main data of " + bytes + " bytes announced, " + body.remaining() + " there");
    }
  }

  private static int count(ByteBuffer body, int itemBytes) {
    int count = body.getInt();
    if (count < 0 || count > body.remaining() / itemBytes) {
      throw new IllegalArgumentException(
          count + " items of " + itemBytes + " bytes in " + body.remaining() + " bytes");
    }
    return count;
  }

  private static void skip(ByteBuffer body, int itemBytes, int count) {
    body.position(body.position() + itemBytes * count);
  }
}
