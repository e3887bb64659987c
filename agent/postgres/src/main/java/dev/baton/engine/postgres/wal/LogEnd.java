package dev.baton.engine.postgres.wal;

import dev.baton.model.LogPosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds where the log of a server that does not run ends: the last complete record in the segments
/// of its newest timeline. A segment's file is named by 8 hexadecimal digits each of timeline,
/// sequence and number in the sequence; files made ready for later hold old log, which fails the
/// check of its page's position.
public final class LogEnd {
  private static final int SYSTEM_ID_OFFSET = 24;
  private static final int READ_BYTES = 1 << 20;

  private LogEnd() {}

  /// @param folder `pg_wal` of the data directory
  /// @return null when there is no segment that begins with a valid page
  public static @Nullable LogPosition find(Path folder) throws IOException {
    List<Path> segments = newestTimeline(folder);
    if (segments.isEmpty()) {
      return null;
    }
    int segmentBytes = Math.toIntExact(Files.size(segments.getFirst()));
    LogPosition start = position(segments.getFirst(), segmentBytes);
    WalDecoder decoder =
        WalDecoder.atSegmentStart(start, segmentBytes, systemId(segments.getFirst()), UNWANTED);
    for (Path segment : segments) {
      if (!position(segment, segmentBytes).equals(decoder.position())
          || !wasReadWhole(segment, decoder)) {
        break;
      }
    }
    return decoder.complete();
  }

  private static List<Path> newestTimeline(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.list(folder)) {
      all =
          new ArrayList<>(
              files
                  .filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                  .sorted()
                  .toList());
    }
    if (all.isEmpty()) {
      return all;
    }
    String newest = all.getLast().getFileName().toString().substring(0, 8);
    all.removeIf(file -> !file.getFileName().toString().startsWith(newest));
    return all;
  }

  private static LogPosition position(Path segment, int segmentBytes) {
    String name = segment.getFileName().toString();
    long sequence = Long.parseLong(name, 8, 16, 16);
    long number = Long.parseLong(name, 16, 24, 16);
    return LogPosition.of((sequence << 32) + number * segmentBytes);
  }

  private static long systemId(Path segment) throws IOException {
    try (InputStream file = Files.newInputStream(segment)) {
      byte[] header = file.readNBytes(SYSTEM_ID_OFFSET + Long.BYTES);
      return header.length < SYSTEM_ID_OFFSET + Long.BYTES
          ? 0
          : ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong(SYSTEM_ID_OFFSET);
    }
  }

  /// False when the log ends within this segment.
  private static boolean wasReadWhole(Path segment, WalDecoder decoder) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    try (SeekableByteChannel file = Files.newByteChannel(segment)) {
      while (file.read(buffer) >= 0) {
        buffer.flip();
        decoder.feed(decoder.position(), buffer);
        buffer.clear();
      }
      return true;
    } catch (WalFormatException e) {
      return false; // what follows the last record is no log
    }
  }

  private static final WalRecords UNWANTED =
      new WalRecords() {
        @Override
        public boolean wantsBody(int resourceManager, int info) {
          return false;
        }

        @Override
        public void record(
            WalFormat format,
            int resourceManager,
            int info,
            long transaction,
            int recordBytes,
            ByteBuffer body,
            long end) {}

        @Override
        public void complete(long end) {}
      };
}
