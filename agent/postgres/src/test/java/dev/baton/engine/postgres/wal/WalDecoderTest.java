package dev.baton.engine.postgres.wal;

import static dev.baton.engine.postgres.wal.LogWriter.ABORT;
import static dev.baton.engine.postgres.wal.LogWriter.ABORT_PREPARED;
import static dev.baton.engine.postgres.wal.LogWriter.COMMIT_PREPARED;
import static dev.baton.engine.postgres.wal.RecordedEnds.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commits and aborts come out of the log whole, checked, and once; from any cut of the stream.
class WalDecoderTest {
  /// Megabytes a second.
  private static final double ENOUGH = 30;

  private static final long START = 0x1_0010_0000L;
  private static final int LONG_HEADER_BYTES = 40;
  private static final WalFormat V18 = LogWriter.V18;

  private final LogWriter log = new LogWriter(V18, START);
  private final List<String> expected = new ArrayList<>();
  private final RecordedEnds ends = new RecordedEnds();

  @Test
  void tellsCommitsAndAbortsWithTheirSubtransactions() throws WalFormatException {
    expect("commit", log.commit(700), 700);
    log.other(100);
    expect("commit", log.commit(0xFFFF_FFF0L, 701, 702), 0xFFFF_FFF0L, 701, 702);
    expect("abort", log.end(ABORT, 703, 0, 704), 703, 704);

    decode(log.bytes());

    assertThat(ends.ends).isEqualTo(expected);
    assertThat(ends.complete).isEqualTo(log.end());
  }

  @ParameterizedTest
  @ValueSource(ints = {0xD10D, 0xD110, 0xD113, 0xD116, 0xD118})
  void findsPreparedTransactionsBehindAllThatTheyDrop(int magic) throws WalFormatException {
    WalFormat format = LogWriter.format(magic);
    LogWriter writer = new LogWriter(format, START);
    expect("commit", writer.end(COMMIT_PREPARED, 0, 810), 810);
    expect("commit", writer.fullEnd(COMMIT_PREPARED, 811, 812, 813), 811, 812, 813);
    expect("abort", writer.fullEnd(ABORT_PREPARED, 814, 815), 814, 815);

    LogWriter.decoder(format, START, new CommitIndexer(ends))
        .feed(LogPosition.of(START), ByteBuffer.wrap(writer.bytes()));

    assertThat(ends.ends).isEqualTo(expected);
  }

  @Test
  void aCommitWithoutAnIdIsNoneThatAnybodyCanAskFor() throws WalFormatException {
    log.commit(0);
    decode(log.bytes());
    assertThat(ends.ends).isEmpty();
    assertThat(ends.complete).isEqualTo(log.end());
  }

  @Test
  void passesOverTheRestOfARecordThatBeganBeforeTheStart() throws WalFormatException {
    log.foreignRest(20_003);
    expect("commit", log.commit(900), 900);
    decode(log.bytes());
    assertThat(ends.ends).isEqualTo(expected);
  }

  @Test
  void goesOnAfterASwitchOfSegmentsWhateverFillsTheRest() throws WalFormatException {
    expect("commit", log.commit(1), 1);
    log.switchSegment((byte) 0xAA);
    expect("commit", log.commit(2), 2);
    decode(log.bytes());
    assertThat(ends.ends).isEqualTo(expected);
  }

  @Test
  void dropsARecordThatACrashLeftHalfWritten() throws WalFormatException {
    expect("commit", log.commit(1), 1);
    log.crashWithin(log.build(1, 0x80, 2, new byte[20_000]));
    expect("commit", log.commit(3), 3);

    decode(log.bytes());

    assertThat(ends.ends).isEqualTo(expected);
  }

  @Test
  void refusesAnOverwrittenRecordThatIsNotSaidToBe() {
    int page = V18.pageBytes();
    log.other(page - LONG_HEADER_BYTES - 24 - 8);
    log.other(8);
    byte[] bytes = log.bytes();
    bytes[page + 2] |= 0x8;

    assertThatThrownBy(() -> decode(bytes))
        .isInstanceOf(WalFormatException.class)
        .hasMessageContaining("overwritten");
  }

  @Test
  void readsRecordsLargerThanASegment() throws WalFormatException {
    long[] many = new long[500_000];
    java.util.Arrays.setAll(many, i -> 5000 + i);
    LogPosition end = log.commit(4000, many);
    log.other(3 << 20);
    decode(log.bytes());
    assertThat(ends.ends).hasSize(1);
    assertThat(ends.ends.getFirst()).startsWith("commit [4000, 5000, 5001,").endsWith(" " + end);
  }

  @Test
  void sameFromEveryCut() throws WalFormatException {
    writeAllShapes(log);
    byte[] bytes = log.bytes();
    decode(bytes);
    List<String> whole = List.copyOf(ends.ends);
    assertThat(whole).hasSizeGreaterThan(20);

    for (int cut = 1; cut < bytes.length; cut += cut < 25_000 ? 1 : 4999) {
      assertThat(inPieces(bytes, cut, bytes.length - cut)).isEqualTo(whole);
    }
    assertThat(byteByByte(bytes)).isEqualTo(whole);
  }

  @Test
  void sameFromRandomPieces() throws WalFormatException {
    writeAllShapes(log);
    byte[] bytes = log.bytes();
    decode(bytes);
    Random random = new Random(20_26);
    for (int run = 0; run < 40; run++) {
      int[] pieces = random.ints(bytes.length, 1, 1 + (1 << random.nextInt(15))).toArray();
      assertThat(inPieces(bytes, pieces)).isEqualTo(ends.ends);
    }
  }

  @Test
  void beginsAtEveryRecordWhenTheFormatIsKnown() throws WalFormatException {
    writeAllShapes(log);
    byte[] bytes = log.bytes();
    List<Long> starts = new ArrayList<>();
    WalDecoder first =
        LogWriter.decoder(
            V18,
            START,
            new CommitIndexer(ends) {
              @Override
              public void record(
                  WalFormat format,
                  int manager,
                  int info,
                  long id,
                  int bytes,
                  ByteBuffer body,
                  long end)
                  throws WalFormatException {
                super.record(format, manager, info, id, bytes, body, end);
                if (!(manager == 0 && info == 0x40)) {
                  starts.add(end);
                }
              }
            });
    first.feed(LogPosition.of(START), ByteBuffer.wrap(bytes));
    for (long start : starts) {
      RecordedEnds tail = new RecordedEnds();
      WalDecoder.atRecord(LogPosition.of(start), V18, new CommitIndexer(tail))
          .feed(
              LogPosition.of(start),
              ByteBuffer.wrap(bytes, (int) (start - START), (int) (START + bytes.length - start)));
      int before = ends.ends.size() - tail.ends.size();
      assertThat(tail.ends).isEqualTo(ends.ends.subList(before, ends.ends.size()));
    }
  }

  /// Whatever byte is damaged: refused, or the same ends at the same places up to some point, or
  /// the byte was one that carries nothing.
  @Test
  void damageIsRefusedOrChangesNothing() throws WalFormatException {
    writeAllShapes(log);
    byte[] bytes = log.bytes();
    decode(bytes);
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= (byte) (1 << (i % 8));
      RecordedEnds seen = new RecordedEnds();
      WalDecoder decoder = LogWriter.decoder(V18, START, new CommitIndexer(seen));
      try {
        decoder.feed(LogPosition.of(START), ByteBuffer.wrap(damaged));
        assertThat(seen.ends).isEqualTo(ends.ends);
      } catch (WalFormatException e) {
        refused++;
        assertThat(seen.ends).isEqualTo(ends.ends.subList(0, seen.ends.size()));
        // A damaged timeline of a page, or rest of a foreign record, shows only on the next page.
        if (i % V18.pageBytes() >= LONG_HEADER_BYTES) {
          assertThat(decoder.complete().bits()).isLessThanOrEqualTo(START + i);
        }
        assertThatThrownBy(() -> decoder.feed(decoder.position(), ByteBuffer.allocate(1)))
            .isSameAs(e);
      }
    }
    assertThat(refused).isGreaterThan(20_000);
  }

  @Test
  void refusesImpossibleLengthsAndStrangePages() {
    assertThatThrownBy(() -> inPieces(patched(40, 23), 1000))
        .isInstanceOf(WalFormatException.class)
        .hasMessageContaining("impossible record length 23")
        .hasMessageContaining("1/100028");
    assertThatThrownBy(() -> inPieces(patched(40, 0x7FFF_FFFF), 1000))
        .hasMessageContaining("impossible");
    assertThatThrownBy(() -> inPieces(patched(32, 12345), 1000))
        .hasMessageContaining("segments of 12345");
    assertThatThrownBy(() -> inPieces(patched(0, 0x2_D105), 1000)).hasMessageContaining("D105");
    assertThatThrownBy(() -> inPieces(patched(8, 7), 1000)).hasMessageContaining("lies at");
    assertThatThrownBy(() -> inPieces(patched(24, 9), 1000)).hasMessageContaining("system");
  }

  @Test
  void refusesAGapInWhatItIsGiven() {
    WalDecoder decoder = decoder();
    assertThatThrownBy(() -> decoder.feed(LogPosition.of(START + 8), ByteBuffer.allocate(8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesALogThatGoesBackToAnOlderTimeline() throws WalFormatException {
    log.timeline(3).other(10_000);
    log.timeline(2).other(10_000);
    assertThatThrownBy(() -> decode(log.bytes())).hasMessageContaining("timeline 2 after one of 3");
  }

  /// Not a benchmark: it fails when decoding becomes an order of magnitude slower than a network.
  @Test
  void isFasterThanAnyNetworkThatItWillSee() throws WalFormatException {
    for (int i = 0; i < 40_000; i++) {
      log.other(60 + i % 100);
      log.commit(1000 + i);
    }
    byte[] bytes = log.bytes();
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    double best = 0; // of as many runs as it takes: a busy machine slows some
    for (int run = 0; run < 15 && best <= ENOUGH; run++) {
      RecordedEnds seen = new RecordedEnds();
      WalDecoder decoder =
          LogWriter.decoder(
              V18,
              START,
              new CommitIndexer(seen) {
                @Override
                public void record(
                    WalFormat format,
                    int manager,
                    int info,
                    long id,
                    int bytes,
                    ByteBuffer body,
                    long end) {}
              });
      long before = System.nanoTime();
      decoder.feed(LogPosition.of(START), direct.flip());
      double seconds = (System.nanoTime() - before) / (double) TimeUnit.SECONDS.toNanos(1);
      best = Math.max(best, bytes.length / 1e6 / seconds);
    }
    System.out.printf("decoded %.0f MB/s of records of 100 bytes%n", best);
    assertThat(best).isGreaterThan(ENOUGH);
  }

  private byte[] patched(int offset, int value) {
    LogWriter writer = new LogWriter(V18, START);
    writer.commit(1);
    byte[] bytes = writer.bytes();
    ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    return bytes;
  }

  private static void writeAllShapes(LogWriter log) {
    log.foreignRest(8209);
    for (int i = 0; i < 12; i++) {
      log.commit(1000 + i, 2000 + i);
      log.other(700 * i);
      log.end(i % 2 == 0 ? ABORT : COMMIT_PREPARED, 3000 + i, i % 2 == 0 ? 0 : 4000 + i);
      log.other(i);
    }
    log.crashWithin(log.build(10, 0, 5, new byte[9000]));
    log.timeline(2).fullEnd(COMMIT_PREPARED, 6000, 6001);
    // Headers split by a page at each place where one can be.
    for (int i = 0; i < 40; i++) {
      log.other(8192 - 24 - 24 - 8 * (i % 4));
    }
    log.switchSegment((byte) 0);
    log.commit(7000);
  }

  private void expect(String kind, LogPosition end, long... transactions) {
    expected.add(line(kind, end, transactions));
  }

  private WalDecoder decoder() {
    return LogWriter.decoder(V18, START, new CommitIndexer(ends));
  }

  private void decode(byte[] bytes) throws WalFormatException {
    decoder().feed(LogPosition.of(START), ByteBuffer.wrap(bytes));
  }

  private static List<String> byteByByte(byte[] bytes) throws WalFormatException {
    int[] ones = new int[bytes.length];
    java.util.Arrays.fill(ones, 1);
    return inPieces(bytes, ones);
  }

  private static List<String> inPieces(byte[] bytes, int... pieces) throws WalFormatException {
    RecordedEnds seen = new RecordedEnds();
    WalDecoder decoder = LogWriter.decoder(V18, START, new CommitIndexer(seen));
    int at = 0;
    for (int piece : pieces) {
      int length = Math.min(piece, bytes.length - at);
      decoder.feed(LogPosition.of(START + at), ByteBuffer.wrap(bytes, at, length));
      at += length;
      assertThat(decoder.complete().bits()).isLessThanOrEqualTo(START + at);
      if (at == bytes.length) {
        return seen.ends;
      }
    }
    throw new AssertionError("pieces too short");
  }
}
