package dev.baton.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.LogPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkedLogTest {
  private static final int CHUNK = 64;
  private static final LogPosition START = LogPosition.parse("0/FFFFFF17");
  private static final MemoryBounds BOUNDS = new MemoryBounds(32 * CHUNK, 40 * CHUNK, 16, CHUNK);

  private final MemorySpill disk = new MemorySpill();
  private final ChunkedLog log = started(disk);

  private static ChunkedLog started(MemorySpill disk) {
    ChunkedLog log = new ChunkedLog(BOUNDS, disk, () -> {});
    log.reset(START);
    disk.finish();
    return log;
  }

  @Test
  void givesBackWhatWasAppended() {
    append(START, 100);
    assertThat(log.end()).isEqualTo(START.plus(100));
    assertRead(START, 1000, CHUNK);
    assertRead(START.plus(70), 10, 10);
    assertRead(START.plus(70), 1000, 30);
    assertThat(log.read(log.end(), 10).remaining()).isZero();
  }

  @Test
  void refusesGapsRepetitionsAndPositionsThatAreNotHeld() {
    append(START, 100);
    assertThatThrownBy(() -> append(START.plus(101), 1)).hasMessageContaining("does not follow");
    assertThatThrownBy(() -> append(START.plus(99), 1)).hasMessageContaining("does not follow");
    assertThatThrownBy(() -> log.read(START.plus(101), 1)).hasMessageContaining("is not in the");
    log.release(START.plus(10));
    assertThatThrownBy(() -> log.read(START.plus(9), 1)).hasMessageContaining("is not in the");
    assertRead(START.plus(10), 10, 10);
  }

  @Test
  void aViewStaysRightAfterItsBytesWereReleased() {
    append(START, 100);
    ByteBuffer view = log.read(START, 50);
    log.release(log.end());
    append(log.end(), 500);
    assertBytes(view, START, 50);
    assertThat(view.isReadOnly()).isTrue();
  }

  @Test
  void stopsTheSenderAndLetsItGoOnWhenThereIsRoom() {
    ChunkedLog withoutDisk = new ChunkedLog(BOUNDS, null, () -> {});
    List<Long> rooms = new ArrayList<>();
    withoutDisk.onRoom(() -> rooms.add(withoutDisk.ramBytes()));
    while (withoutDisk.append(withoutDisk.end(), pattern(withoutDisk.end(), 50))) {}
    assertThat(withoutDisk.ramBytes()).isEqualTo(BOUNDS.stopAtBytes());
    assertThatThrownBy(
            () -> {
              while (true) {
                withoutDisk.append(withoutDisk.end(), pattern(withoutDisk.end(), 50));
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no room for 50 bytes");
    assertThat(withoutDisk.ramBytesMax()).isLessThanOrEqualTo(BOUNDS.logBytes());
    withoutDisk.release(LogPosition.of(CHUNK));
    assertThat(rooms).isEmpty();
    withoutDisk.release(withoutDisk.end());
    assertThat(rooms).hasSize(1);
    assertThat(withoutDisk.append(withoutDisk.end(), pattern(withoutDisk.end(), 50))).isTrue();
  }

  @Test
  void spilledLogIsLoadedAndReadAgain() {
    while (log.append(log.end(), pattern(log.end(), CHUNK)) && log.diskBytes() < 4 * CHUNK) {}
    disk.finish();
    assertThat(disk.stored).isNotEmpty();
    List<Integer> readable = new ArrayList<>();
    log.onAppend(() -> readable.add(log.read(START, CHUNK).remaining()));
    assertThat(log.read(START, CHUNK).remaining()).isZero();
    disk.finish();
    assertThat(readable).contains(CHUNK);
    assertRead(START, CHUNK, CHUNK);
  }

  @Test
  void aFullDiskStopsTheSenderInsteadOfLosingLog() {
    disk.failing = true;
    while (log.append(log.end(), pattern(log.end(), CHUNK))) {
      disk.finish();
    }
    disk.finish();
    assertThat(log.diskBytes()).isZero();
    for (LogPosition at = START; at.isBefore(log.end()); at = at.plus(CHUNK)) {
      assertRead(at, CHUNK, CHUNK);
    }
  }

  @Test
  void logThatCannotBeReadBackIsAHoleNotSilence() {
    while (log.append(log.end(), pattern(log.end(), CHUNK)) && log.diskBytes() < 4 * CHUNK) {}
    disk.finish();
    assertThat(log.read(START, CHUNK).remaining()).isZero();
    disk.failing = true;
    disk.finish();
    assertThatThrownBy(() -> log.read(START, CHUNK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be read back");
  }

  @Test
  void nothingIsAppendedAfterItWasSettled() {
    append(START, 10);
    log.settle();
    assertThatThrownBy(() -> append(START.plus(10), 1)).hasMessageContaining("settled");
    assertRead(START, 10, 10);
  }

  static List<Integer> seeds() {
    return IntStream.range(0, 200).boxed().toList();
  }

  /// A sender, a reader that falls behind, jumps back and releases, and a disk of any speed. The
  /// bytes at a position are a function of the position, which is the model.
  @ParameterizedTest
  @MethodSource("seeds")
  void neverGivesAWrongByteNorExceedsItsBounds(int seed) {
    Random random = new Random(seed);
    boolean[] stopped = new boolean[1];
    log.onRoom(() -> stopped[0] = false);
    LogPosition reader = START;
    for (int step = 0; step < 3000; step++) {
      int what = random.nextInt(10);
      if (what < 3 && !stopped[0]) {
        stopped[0] = !log.append(log.end(), pattern(log.end(), random.nextInt(2 * CHUNK)));
      } else if (what < 6) {
        ByteBuffer bytes = log.read(reader, 1 + random.nextInt(2 * CHUNK));
        LogPosition next = reader.plus(bytes.remaining());
        assertBytes(bytes, reader, bytes.remaining());
        reader = next;
      } else if (what < 8) {
        disk.step();
      } else if (what == 8 && random.nextInt(4) == 0) {
        log.release(
            log.start().plus((long) (random.nextDouble() * reader.bytesSince(log.start()))));
      } else if (random.nextInt(30) == 0) {
        reader = log.start();
      }
      assertThat(log.ramBytes())
          .as("seed %d, step %d", seed, step)
          .isLessThanOrEqualTo(BOUNDS.logBytes());
      assertThat(log.diskBytes()).isBetween(0L, BOUNDS.diskBytes());
    }
    disk.finish();
    while (reader.isBefore(log.end())) {
      ByteBuffer bytes = log.read(reader, CHUNK);
      if (!bytes.hasRemaining()) {
        assertThat(disk.step())
            .as("seed %d: nothing to read and nothing being loaded", seed)
            .isTrue();
        continue;
      }
      LogPosition next = reader.plus(bytes.remaining());
      assertBytes(bytes, reader, bytes.remaining());
      reader = next;
    }
    log.release(log.end());
    disk.finish();
    assertThat(log.diskBytes()).isZero();
    assertThat(log.ramBytes()).isLessThanOrEqualTo(CHUNK);
    assertThat(stopped[0]).as("seed %d: the sender goes on", seed).isFalse();
    assertThat(log.receivedBytes()).isEqualTo(log.end().bytesSince(START));
    assertThat(log.forwardedBytes()).isEqualTo(log.receivedBytes());
  }

  private void append(LogPosition at, int length) {
    log.append(at, pattern(at, length));
  }

  private void assertRead(LogPosition from, int maxBytes, int expected) {
    assertBytes(log.read(from, maxBytes), from, expected);
  }

  private static void assertBytes(ByteBuffer bytes, LogPosition from, int expected) {
    assertThat(bytes.remaining()).isEqualTo(expected);
    assertThat(bytes).isEqualTo(pattern(from, expected));
  }

  private static ByteBuffer pattern(LogPosition at, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      long position = at.bits() + i;
      bytes[i] = (byte) (position ^ position >>> 6 ^ position >>> 13);
    }
    return ByteBuffer.wrap(bytes);
  }
}
