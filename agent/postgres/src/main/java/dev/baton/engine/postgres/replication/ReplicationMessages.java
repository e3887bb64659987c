package dev.baton.engine.postgres.replication;

import dev.baton.model.LogPosition;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Bodies of the CopyData messages of streaming replication. Clocks count microseconds since
/// 2000-01-01.
final class ReplicationMessages {
  static final byte LOG = 'w';
  static final byte KEEP_ALIVE = 'k';
  static final byte STATUS = 'r';
  static final byte FEEDBACK = 'h';

  /// Type, position of the first byte, end of the sender's log, clock.
  static final int LOG_HEADER_BYTES = 1 + 3 * Long.BYTES;

  static final int KEEP_ALIVE_BYTES = 1 + 2 * Long.BYTES + 1;
  static final int STATUS_BYTES = 1 + 4 * Long.BYTES + 1;

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private ReplicationMessages() {}

  static void logHeader(ByteBuf out, LogPosition at, LogPosition end) {
    out.writeByte(LOG).writeLong(at.bits()).writeLong(end.bits()).writeLong(clock());
  }

  static void keepAlive(ByteBuf out, LogPosition end, boolean replyRequested) {
    out.writeByte(KEEP_ALIVE).writeLong(end.bits()).writeLong(clock());
    out.writeByte(replyRequested ? 1 : 0);
  }

  static void status(
      ByteBuf out,
      LogPosition written,
      LogPosition flushed,
      LogPosition applied,
      boolean replyRequested) {
    out.writeByte(STATUS).writeLong(written.bits()).writeLong(flushed.bits());
    out.writeLong(applied.bits()).writeLong(clock()).writeByte(replyRequested ? 1 : 0);
  }

  private static long clock() {
    return ChronoUnit.MICROS.between(EPOCH, Instant.now());
  }
}
