package dev.baton.engine.postgres.wal;

import dev.baton.model.LogPosition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Writes a log as a server does, for shapes that a server produces only when it crashes at the
/// right byte.
final class LogWriter {
  static final int COMMIT = 0x00;
  static final int ABORT = 0x20;
  static final int COMMIT_PREPARED = 0x30;
  static final int ABORT_PREPARED = 0x40;

  static final WalFormat V18 = format(0xD118);

  private final WalFormat format;
  private final long start;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long previous;
  private int pageFlags;
  private int timeline = 1;

  LogWriter(WalFormat format, long start) {
    this.format = format;
    this.start = start;
  }

  static WalFormat format(int magic) {
    return new WalFormat(magic, 1 << 20, 8192, 0x1234_5678_9ABC_DEF0L);
  }

  static WalDecoder decoder(WalFormat format, long start, WalRecords records) {
    return WalDecoder.atSegmentStart(
        LogPosition.of(start), format.segmentBytes(), format.systemId(), records);
  }

  LogPosition end() {
    return LogPosition.of(position());
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private long position() {
    return start + out.size();
  }

  /// Every page from now on says so.
  LogWriter timeline(int newTimeline) {
    timeline = newTimeline;
    return this;
  }

  /// The rest of a record of which nobody knows the beginning.
  LogWriter foreignRest(int bytes) {
    write(new byte[bytes], bytes, true);
    pad();
    return this;
  }

  LogPosition commit(long transaction, long... subtransactions) {
    return end(COMMIT, transaction, 0, subtransactions);
  }

  /// @param preparedTransaction 0 for none
  LogPosition end(int operation, long header, long preparedTransaction, long... subtransactions) {
    int details =
        (subtransactions.length > 0 ? 0x2 : 0) | (preparedTransaction != 0 ? 0x10 | 0x80 : 0);
    ByteBuffer main = littleEndian(64 + 4 * subtransactions.length);
    main.putLong(77);
    if (details != 0) {
      main.putInt(details);
    }
    if (subtransactions.length > 0) {
      main.putInt(subtransactions.length);
      Arrays.stream(subtransactions).forEach(id -> main.putInt((int) id));
    }
    if (preparedTransaction != 0) {
      main.putInt((int) preparedTransaction);
      main.put("gid\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    return record(1, operation | (details != 0 ? 0x80 : 0), header, mainData(main));
  }

  /// A commit or abort with everything that can stand before the prepared transaction's id.
  LogPosition fullEnd(int operation, long preparedTransaction, long... subtransactions) {
    boolean commit = operation == COMMIT_PREPARED;
    int statisticsBytes = format.magic() >= 0xD118 ? 16 : 12;
    ByteBuffer main = littleEndian(1024 + 4 * subtransactions.length);
    main.putLong(77).putInt(0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x80 | 0x100);
    main.putInt(5).putInt(1663); // database, tablespace
    main.putInt(subtransactions.length);
    Arrays.stream(subtransactions).forEach(id -> main.putInt((int) id));
    main.putInt(2).put(new byte[2 * 12]); // files
    main.putInt(3).put(new byte[3 * statisticsBytes]);
    if (commit) {
      main.putInt(4).put(new byte[4 * 16]); // invalidations
    }
    main.putInt((int) preparedTransaction);
    main.put("gid\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    main.putLong(1).putLong(2); // origin
    ByteBuffer body = littleEndian(main.position() + 3 + 5);
    body.put((byte) 253).putShort((short) 9);
    body.put(mainData(main));
    return record(1, operation | 0x80, 0, written(body));
  }

  private static byte[] mainData(ByteBuffer main) {
    int length = main.position();
    ByteBuffer body = littleEndian(length + 5);
    if (length < 256) {
      body.put((byte) 255).put((byte) length);
    } else {
      body.put((byte) 254).putInt(length);
    }
    return written(body.put(main.flip()));
  }

  /// A record of another manager with a body of `bytes` bytes.
  LogPosition other(int bytes) {
    byte[] body = new byte[bytes];
    Arrays.fill(body, (byte) 0x5A);
    return record(10, 0, 3, body);
  }

  LogPosition record(int manager, int info, long transaction, byte[] body) {
    byte[] record = build(manager, info, transaction, body);
    long recordStart = write(record, record.length, false);
    pad();
    previous = recordStart;
    return end();
  }

  /// A switch of segments: filler up to the end of the segment.
  void switchSegment(byte filler) {
    record(0, 0x40, 0, new byte[0]);
    while ((position() & (format.segmentBytes() - 1)) != 0) {
      out.write(filler);
    }
  }

  /// The server crashes when the record is written up to the end of its first page.
  void crashWithin(byte[] record) {
    long room = format.pageBytes() - (position() & (format.pageBytes() - 1));
    if (room >= record.length) {
      throw new IllegalArgumentException("the record fits the page");
    }
    long torn = position();
    write(record, (int) room, false);
    pageFlags = 0x8;
    ByteBuffer body = littleEndian(18).put((byte) 255).put((byte) 16).putLong(torn).putLong(0);
    record(0, 0xD0, 0, written(body));
  }

  byte[] build(int manager, int info, long transaction, byte[] body) {
    ByteBuffer record = littleEndian(24 + body.length);
    record.putInt(24 + body.length).putInt((int) transaction).putLong(previous);
    record.put((byte) info).put((byte) manager).putShort((short) 0);
    CRC32C crc = new CRC32C();
    crc.update(body);
    crc.update(record.duplicate().flip());
    return written(record.putInt((int) crc.getValue()).put(body));
  }

  private long write(byte[] record, int upTo, boolean continued) {
    long recordStart = -1;
    for (int i = 0; i < upTo; i++) {
      if (position() % format.pageBytes() == 0) {
        header(i > 0 || continued ? record.length - i : 0);
      }
      if (recordStart < 0) {
        recordStart = position();
      }
      out.write(record[i]);
    }
    return recordStart;
  }

  private void header(int leftBytes) {
    boolean segmentStart = (position() & (format.segmentBytes() - 1)) == 0;
    ByteBuffer header = littleEndian(segmentStart ? 40 : 24);
    int flags = pageFlags | (leftBytes > 0 ? 0x1 : 0) | (segmentStart ? 0x2 : 0);
    pageFlags = 0;
    header.putShort((short) format.magic()).putShort((short) flags).putInt(timeline);
    header.putLong(position()).putInt(leftBytes).putInt(0);
    if (segmentStart) {
      header.putLong(format.systemId()).putInt(format.segmentBytes()).putInt(format.pageBytes());
    }
    out.writeBytes(written(header));
  }

  private void pad() {
    while (position() % 8 != 0) {
      out.write(0);
    }
  }

  private static byte[] written(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
