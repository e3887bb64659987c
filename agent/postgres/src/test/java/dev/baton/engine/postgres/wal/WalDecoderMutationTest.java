package dev.baton.engine.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever comes in: the typed exception or nothing, never another one, and nothing counted beyond
/// what was given. A failing run names its seed.
class WalDecoderMutationTest {
  private static final long START = 0x10_0000L;
  private static final int RUNS = 5_000;

  @Test
  void refusesOrReads() {
    for (int seed = 0; seed < RUNS; seed++) {
      Random random = new Random(seed);
      byte[] bytes = mutate(random, write(random));
      try {
        decode(random, bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void decode(Random random, byte[] bytes) {
    LogPosition start = LogPosition.of(START);
    CommitIndexer indexer = new CommitIndexer(new RecordedEnds());
    WalDecoder decoder =
        random.nextInt(4) == 0
            ? WalDecoder.atRecord(start, LogWriter.V18, indexer)
            : LogWriter.decoder(LogWriter.V18, START, indexer);
    int at = 0;
    try {
      while (at < bytes.length) {
        int length = Math.min(1 + random.nextInt(bytes.length), bytes.length - at);
        decoder.feed(LogPosition.of(START + at), ByteBuffer.wrap(bytes, at, length));
        at += length;
      }
    } catch (WalFormatException e) {
      assertThat(e).hasMessageContaining("log at ");
    }
    assertThat(decoder.complete().bits()).isBetween(START, START + bytes.length);
  }

  /// Records whose checksums are right and whose content is anything.
  private static byte[] write(Random random) {
    LogWriter log = new LogWriter(LogWriter.V18, START);
    int records = random.nextInt(8);
    for (int i = 0; i < records; i++) {
      byte[] body = new byte[random.nextInt(random.nextInt(20) == 0 ? 20_000 : 200)];
      random.nextBytes(body);
      if (body.length > 2 && random.nextBoolean()) {
        body[0] = (byte) 255;
        body[1] = (byte) (body.length - 2);
      }
      if (random.nextBoolean()) {
        log.end(LogWriter.COMMIT_PREPARED, 0, 1 + random.nextInt(100), random.nextInt(1000));
      }
      log.record(random.nextInt(3), random.nextInt(256), random.nextInt(), body);
    }
    return log.bytes();
  }

  private static byte[] mutate(Random random, byte[] written) {
    byte[] tail = new byte[random.nextInt(100)];
    random.nextBytes(tail);
    byte[] bytes =
        ByteBuffer.allocate(written.length + tail.length + 1).put(written).put(tail).array();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << i);
    }
    return bytes;
  }
}
