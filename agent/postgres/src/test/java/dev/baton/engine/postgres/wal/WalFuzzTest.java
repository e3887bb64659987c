package dev.baton.engine.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Whatever is given out as log, the decoder reads it or refuses it with [WalFormatException],
/// counts nothing beyond what was given, and tells the same however the bytes were cut.
class WalFuzzTest {
  private static final long START = 0x10_0000L;

  /// Decoder's verdict on a log, by which two readings are compared.
  private record Reading(RecordedEnds told, LogPosition complete, String refusal) {}

  /// The first byte says into how large reads the rest is cut, and where the reading begins.
  @FuzzTest
  void log(byte[] input) {
    if (input.length < 2) {
      return;
    }
    byte[] log = Arrays.copyOfRange(input, 1, input.length);
    boolean atRecord = input[0] < 0;
    Reading cut = read(log, (input[0] & 0x7F) + 1, atRecord);
    Reading whole = read(log, log.length, atRecord);
    assertThat(cut.complete()).isEqualTo(whole.complete());
    assertThat(cut.refusal()).isEqualTo(whole.refusal());
    assertThat(cut.told().ends).isEqualTo(whole.told().ends);
    assertThat(cut.complete().bits()).isBetween(START, START + log.length);
  }

  /// A record of the transaction manager whose checksum is right and whose body is the input from
  /// its second byte on; the first byte is its kind.
  @FuzzTest
  void ends(byte[] input) {
    if (input.length < 1) {
      return;
    }
    LogWriter writer = new LogWriter(LogWriter.V18, START);
    writer.record(1, input[0] & 0xFF, 4711, Arrays.copyOfRange(input, 1, input.length));
    byte[] log = writer.bytes();
    Reading reading = read(log, log.length, false);
    if (reading.refusal().isEmpty()) {
      assertThat(reading.complete().bits()).isEqualTo(START + log.length);
      assertThat(reading.told().ends.size()).isLessThanOrEqualTo(1);
    } else {
      assertThat(reading.told().ends).isEmpty();
    }
  }

  private static Reading read(byte[] log, int readBytes, boolean atRecord) {
    RecordedEnds told = new RecordedEnds();
    CommitIndexer indexer = new CommitIndexer(told);
    WalDecoder decoder =
        atRecord
            ? WalDecoder.atRecord(LogPosition.of(START), LogWriter.V18, indexer)
            : LogWriter.decoder(LogWriter.V18, START, indexer);
    String refusal = "";
    try {
      for (int at = 0; at < log.length; at += readBytes) {
        int length = Math.min(readBytes, log.length - at);
        decoder.feed(LogPosition.of(START + at), ByteBuffer.wrap(log, at, length));
      }
    } catch (WalFormatException e) {
      refusal = String.valueOf(e.getMessage());
      assertThat(decoder.hasFailed()).isTrue();
    }
    return new Reading(told, decoder.complete(), refusal);
  }
}
