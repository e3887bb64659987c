package dev.baton.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.core.route.Route.Fate;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import dev.baton.model.view.MemoryView;
import dev.baton.testing.Await;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceMemoryTest {
  private static final MemoryBounds BOUNDS = new MemoryBounds(64 * 1024, 1 << 20, 1024, 4096);

  @TempDir Path directory;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  @Test
  void logOnDiskComesBackAndTheFileIsGoneAtTheEnd() throws Exception {
    Path file = directory.resolve("app.spill");
    Files.writeString(file, "left over by an agent that was killed");
    byte[] sent = new byte[400_000];
    new Random(1).nextBytes(sent);
    try (ServiceMemory memory = memory(file)) {
      assertThat(file).doesNotExist();
      memory.log().reset(LogPosition.of(1000));
      for (int at = 0; at < sent.length; at += 1000) {
        if (!memory.log().append(LogPosition.of(1000 + at), ByteBuffer.wrap(sent, at, 1000))) {
          boolean[] room = new boolean[1];
          memory.log().onRoom(() -> room[0] = true);
          while (!room[0]) {
            runNext();
          }
        }
      }
      MemoryView view = memory.view(Instant.EPOCH);
      assertThat(view.spilledBytes()).isGreaterThan(300_000);
      assertThat(view.bytesMax()).isLessThanOrEqualTo(BOUNDS.bytes());
      byte[] received = new byte[sent.length];
      int at = 0;
      while (at < sent.length) {
        ByteBuffer bytes = memory.log().read(LogPosition.of(1000 + at), 10_000);
        if (!bytes.hasRemaining()) {
          runNext();
          continue;
        }
        int n = bytes.remaining();
        bytes.get(received, at, n);
        at += n;
      }
      assertThat(received).isEqualTo(sent);
    }
    Await.until("the file is gone", () -> !Files.exists(file));
  }

  @Test
  void aFateIsToldOnlyAfterTheLogHasSettledAndOnlyFromLogUpToThere() throws Exception {
    try (ServiceMemory memory = memory(null)) {
      memory.commits().committed(new long[] {5, 6}, LogPosition.of(100));
      memory.commits().committed(new long[] {7}, LogPosition.of(200));
      memory.commits().aborted(new long[] {8}, LogPosition.of(210));
      assertThatThrownBy(() -> memory.fate(5)).hasMessageContaining("before the log settled");
      memory.settle(LogPosition.of(199));
      assertThat(memory.fate(0x3_0000_0005L)).contains(Fate.COMMITTED);
      assertThat(memory.fate(6)).contains(Fate.COMMITTED);
      assertThat(memory.fate(7)).contains(Fate.NOT_COMMITTED);
      assertThat(memory.fate(8)).contains(Fate.NOT_COMMITTED);
      assertThatThrownBy(() -> memory.settle(LogPosition.of(200)))
          .hasMessageContaining("already settled");
    }
  }

  @Test
  void noGateOpensOnceTheMemoryHasSettled() throws Exception {
    try (ServiceMemory memory = memory(null)) {
      StampedRequests front = memory.requests("w");
      front.stamped(new Stamp(1, 1, 1, LogPosition.of(50)), 1, ByteBuffer.allocate(1));
      memory.settle(LogPosition.of(60));
      front.stamped(new Stamp(1, 1, 2, LogPosition.of(50)), 1, ByteBuffer.allocate(1));
      assertThat(front.acknowledge(1, 1, 0)).isFalse();
      assertThat(memory.view(Instant.EPOCH).requestsStamped()).isEqualTo(1);
    }
  }

  @Test
  void aRequestWithoutItsBytesIsComparedButOpensNoGate() throws Exception {
    try (ServiceMemory memory = memory(null)) {
      StampedRequests front = memory.requests("w");
      front.stampedWithoutBytes(new Stamp(1, 1, 1, LogPosition.of(50)), 1);
      front.identified(1, 1, 77);
      assertThat(front.acknowledge(1, 1, 0)).isFalse();
      memory.commits().committed(new long[] {77}, LogPosition.of(60));
      assertThat(memory.view(Instant.EPOCH).requestsPurged()).isEqualTo(1);
    }
  }

  @Test
  void showsWhatIsHeldAndHowOldItIs() throws Exception {
    try (ServiceMemory memory = memory(null)) {
      StampedRequests front = memory.requests("w");
      ByteBuffer request = ByteBuffer.wrap(new byte[] {1, 2, 3});
      front.stamped(new Stamp(1, 9, 4, LogPosition.of(50)), 4, request);
      front.identified(9, 4, 77);
      assertThat(front.acknowledge(9, 4, 0xABCD)).isTrue();
      memory.commits().complete(LogPosition.of(60));
      MemoryView view = memory.view(Instant.EPOCH);
      assertThat(view.requestsHeld()).isEqualTo(1);
      assertThat(view.inMemory()).isEqualTo(LogPosition.of(60));
      assertThat(view.uncovered())
          .singleElement()
          .satisfies(
              held -> {
                assertThat(held.transaction()).isEqualTo(77);
                assertThat(held.ageMillis()).isPositive();
              });
      assertThat(memory.uncovered())
          .singleElement()
          .satisfies(
              held -> {
                assertThat(held.gate()).isEqualTo(1);
                assertThat(held.answersDigest()).isEqualTo(0xABCD);
                assertThat(held.requests()).containsExactly(ByteBuffer.wrap(new byte[] {1, 2, 3}));
              });
      front.forwarded(9, 4, 1);
      assertThat(memory.view(Instant.EPOCH).requestsForwarded()).isEqualTo(1);
      assertThat(memory.uncovered()).isEmpty();
    }
  }

  @Test
  void aCallFromAnotherThreadIsRefused() throws Exception {
    try (ServiceMemory memory = memory(null)) {
      Throwable[] thrown = new Throwable[1];
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      memory.log().append(LogPosition.ZERO, ByteBuffer.allocate(1));
                    } catch (IllegalStateException e) {
                      thrown[0] = e;
                    }
                  });
      other.join();
      assertThat(thrown[0]).hasMessageContaining("memory of app belongs to");
    }
  }

  private ServiceMemory memory(@org.jspecify.annotations.Nullable Path file) throws Exception {
    long[] nanos = new long[1];
    ServiceMemory memory =
        new ServiceMemory("app", "b", 3, BOUNDS, file, tasks::add, () -> nanos[0] += 1000);
    runNext();
    return memory;
  }

  private void runNext() throws InterruptedException {
    Await.next(tasks).run();
  }
}
