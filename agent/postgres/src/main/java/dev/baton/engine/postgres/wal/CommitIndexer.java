package dev.baton.engine.postgres.wal;

import dev.baton.core.memory.CommitSink;
import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;

/// Tells the memory which transactions the log commits and aborts.
public class CommitIndexer implements WalRecords {
  private final CommitSink sink;

  public CommitIndexer(CommitSink sink) {
    this.sink = sink;
  }

  @Override
  public boolean wantsBody(int resourceManager, int info) {
    return TransactionEnd.isEnd(resourceManager, info);
  }

  @Override
  public void record(
      WalFormat format,
      int resourceManager,
      int info,
      long transaction,
      int recordBytes,
      ByteBuffer body,
      long end)
      throws WalFormatException {
    if (!TransactionEnd.isEnd(resourceManager, info)) {
      if (transaction != 0) {
        sink.changed(transaction, recordBytes);
      }
      return;
    }
    TransactionEnd ended = TransactionEnd.read(format, info, transaction, body, end);
    if (ended.transactions()[0] == 0) {
      return; // nothing was written under an id: nobody can ask for it
    }
    if (ended.committed()) {
      sink.committed(ended.transactions(), LogPosition.of(end));
    } else {
      sink.aborted(ended.transactions(), LogPosition.of(end));
    }
  }

  @Override
  public void complete(long end) {
    sink.complete(LogPosition.of(end));
  }
}
