package dev.baton.engine.postgres.replication;

import dev.baton.core.memory.LogStore;
import dev.baton.core.memory.Memory;
import dev.baton.engine.postgres.wal.CommitIndexer;
import dev.baton.engine.postgres.wal.WalDecoder;
import dev.baton.engine.postgres.wal.WalFormat;
import dev.baton.engine.postgres.wal.WalFormatException;
import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Puts log into the memory that has been checked. The memory's log ends where a record ends: the
/// beginning of a record under way waits here until the rest has come and its checksum was right.
/// So damage on the way never reaches the memory nor the standby, and what was received before it
/// stays good. Only a record of more than [#MAX_WAITING_BYTES] goes in by parts.
final class CheckedLog {
  static final int MAX_WAITING_BYTES = 4 << 20;

  private final LogStore log;
  private final CommitIndexer indexer;
  private final int segmentBytes;
  private final long systemId;
  private WalDecoder decoder;
  private ByteBuffer waiting = ByteBuffer.allocate(64 << 10);

  /// Empties the memory's log, which then begins at `start`, the start of a segment.
  CheckedLog(Memory memory, LogPosition start, int segmentBytes, long systemId) {
    this.log = memory.log();
    this.indexer = new CommitIndexer(memory.commits());
    this.segmentBytes = segmentBytes;
    this.systemId = systemId;
    this.decoder = WalDecoder.atSegmentStart(start, segmentBytes, systemId, indexer);
    log.reset(start);
  }

  boolean isOf(int otherSegmentBytes, long otherSystemId) {
    return segmentBytes == otherSegmentBytes && systemId == otherSystemId;
  }

  /// End of the complete records in the memory.
  LogPosition complete() {
    return decoder.complete();
  }

  /// End of what was received.
  LogPosition received() {
    return decoder.position();
  }

  /// Takes `bytes`.
  ///
  /// @return false when the memory is full: nothing more is to be given until it has room
  /// @throws WalFormatException when they are damaged; what is complete before is in the memory
  boolean append(LogPosition at, ByteBuffer bytes) throws WalFormatException {
    try {
      decoder.feed(at, bytes.duplicate());
    } catch (WalFormatException e) {
      store(at, bytes);
      throw e;
    }
    return store(at, bytes);
  }

  private boolean store(LogPosition at, ByteBuffer bytes) {
    long checked = decoder.complete().bytesSince(at);
    boolean room = true;
    if (checked > 0) {
      flushWaiting();
      int length = (int) Math.min(checked, bytes.remaining());
      room = log.append(at, bytes.slice(bytes.position(), length));
      bytes = bytes.slice(bytes.position() + length, bytes.remaining() - length);
    }
    keep(bytes);
    if (waiting.position() > MAX_WAITING_BYTES) {
      room = flushWaiting();
    }
    return room;
  }

  private boolean flushWaiting() {
    boolean room = true;
    if (waiting.position() > 0) {
      room = log.append(log.end(), waiting.flip());
      waiting.clear();
    }
    return room;
  }

  private void keep(ByteBuffer bytes) {
    if (waiting.remaining() < bytes.remaining()) {
      int size = Math.max(2 * waiting.capacity(), waiting.position() + bytes.remaining());
      waiting = ByteBuffer.allocate(size).put(waiting.flip());
    }
    waiting.put(bytes);
  }

  /// Forgets a record under way, to receive it again. Where `received` is then, the stream goes on.
  ///
  /// @return false when part of a damaged record is in the memory already, which nothing can mend
  boolean resume() {
    LogPosition complete = decoder.complete();
    if (log.end().compareTo(complete) > 0) {
      return !decoder.hasFailed();
    }
    waiting.clear();
    if (decoder.position().equals(complete) && !decoder.hasFailed()) {
      return true;
    }
    WalFormat format = decoder.format();
    boolean atSegmentStart = WalFormat.segmentStart(complete, segmentBytes).equals(complete);
    decoder =
        format == null || atSegmentStart
            ? WalDecoder.atSegmentStart(complete, segmentBytes, systemId, indexer)
            : WalDecoder.atRecord(complete, format, indexer);
    return true;
  }

  /// Null until the first page has come.
  @Nullable WalFormat format() {
    return decoder.format();
  }
}
