package dev.baton.service.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.memory.MemoryBounds;
import dev.baton.core.memory.ServiceMemory;
import dev.baton.core.memory.UncoveredTransaction;
import dev.baton.core.route.RequestLog.Ending;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import dev.baton.model.view.MemoryView;
import dev.baton.testing.Await;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Requests on their way from a front on host `w` to the memory on host `b`, and to one on its own.
class RequestsTest {
  private final Agents agents = agents();

  Agents agents() {
    return new Agents();
  }

  @AfterEach
  void close() {
    agents.close();
  }

  private record Memory(ServiceMemory memory, EventLoop loop) {
    <T> T on(Function<ServiceMemory, T> question) throws Exception {
      return Await.result(CompletableFuture.supplyAsync(() -> question.apply(memory), loop));
    }

    MemoryView view() {
      try {
        return on(asked -> asked.view(Instant.EPOCH));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private Memory memory(Agents.Agent host, long generation, long epoch) throws Exception {
    EventLoop loop = agents.transport.group().next();
    ServiceMemory memory =
        new ServiceMemory(
            "app", "b", generation, MemoryBounds.DEFAULT, null, loop, System::nanoTime);
    Await.result(CompletableFuture.runAsync(() -> memory.log().reset(LogPosition.of(100)), loop));
    host.network().memories().present("app", epoch, memory, loop);
    return new Memory(memory, loop);
  }

  @Test
  void requestsGatesAndEndingsReachTheMemoryOfAnotherHost() throws Exception {
    Agents.Agent w = agents.agent("w");
    Agents.Agent b = agents.agent("b");
    Memory memory = memory(b, 1, 5);
    PeerRequestLog log = w.network().requestLog("app");
    log.setMemories(5, List.of("b"));
    log.stamped(stamp(5, 1, 1), 1, text("INSERT"));
    log.identified(1, 1, 77);
    log.stamped(stamp(5, 1, 2), 1, text("COMMIT"));
    Await.result(log.acknowledged(1, 2, 0xD16E57));
    UncoveredTransaction held = memory.on(asked -> asked.uncovered().getFirst());
    assertThat(held.front()).isEqualTo("w");
    assertThat(held.transaction()).hasValue(77);
    assertThat(held.answersDigest()).isEqualTo(0xD16E57);
    assertThat(held.requests()).containsExactly(text("INSERT"), text("COMMIT"));
    log.ended(1, 1, Ending.ROLLED_BACK);
    Await.until("the memory is empty", () -> memory.view().requestsHeld() == 0);
  }

  @Test
  void theMemoryOfTheSameHostIsReachedWithoutAConnection() throws Exception {
    Agents.Agent b = agents.agent("b");
    Memory memory = memory(b, 1, 5);
    PeerRequestLog log = b.network().requestLog("app");
    log.setMemories(5, List.of("b"));
    log.stamped(stamp(5, 1, 1), 1, text("INSERT"));
    Await.result(log.acknowledged(1, 1, 9));
    assertThat(Await.failure(log.acknowledged(1, 2, 9))).hasMessageContaining("does not hold");
    assertThat(memory.view().requestsHeld()).isEqualTo(1);
  }

  @Test
  void theEndOfTheLogIsToldToFrontsHereAndElsewhereAndNeverFalls() throws Exception {
    Agents.Agent w = agents.agent("w");
    Agents.Agent b = agents.agent("b");
    Memory memory = memory(b, 1, 5);
    PeerRequestLog far = w.network().requestLog("app");
    PeerRequestLog near = b.network().requestLog("app");
    far.setMemories(5, List.of("b"));
    near.setMemories(5, List.of("b"));
    Await.result(far.acknowledged(1, 0, 0).exceptionally(noRequests -> null));
    memory.on(asked -> asked.log().append(LogPosition.of(100), ByteBuffer.allocate(50)));
    Await.until("it is told", () -> far.position().equals(LogPosition.of(150)));
    Await.until("it is told", () -> near.position().equals(LogPosition.of(150)));
    far.told(5, LogPosition.of(149));
    far.told(4, LogPosition.of(1000));
    far.told(6, LogPosition.of(1000));
    assertThat(far.position()).isEqualTo(LogPosition.of(150));
  }

  /// The memory sees every request exactly once although the connection keeps breaking; gates whose
  /// answer was lost are asked again.
  @Test
  void brokenConnectionsLeaveNoGapAndNoRepetition() throws Exception {
    Agents.Agent w = agents.agent("w");
    Agents.Agent b = agents.agent("b");
    Memory memory = memory(b, 1, 5);
    PeerRequestLog log = w.network().requestLog("app");
    log.setMemories(5, List.of("b"));
    Random random = new Random(7);
    int requests = 20_000;
    CompletionStage<Void> gate = CompletableFuture.completedStage(null);
    for (int request = 1; request <= requests; request++) {
      log.stamped(stamp(5, request % 10, 1 + request / 10), 1 + request / 10, text("r" + request));
      if (request % 50 == 0) {
        CompletionStage<Void> next = log.acknowledged(0, 1 + request / 10, 1);
        gate = gate.thenCompose(passed -> next);
      }
      if (random.nextInt(1000) == 0) {
        b.network().breakConnections();
      }
    }
    Await.result(gate);
    Await.until("all are there", () -> memory.view().requestsStamped() == requests);
    assertThat(memory.view().requestsHeld()).isEqualTo(requests);
    long distinct =
        memory.<Long>on(asked -> asked.uncovered().stream().map(this::text).distinct().count());
    assertThat(distinct).isEqualTo(requests);
  }

  private String text(UncoveredTransaction held) {
    return StandardCharsets.UTF_8.decode(held.requests().getFirst()).toString();
  }

  @Test
  void aNewGenerationBeginsEmptyAndTakesWhatComesThen() throws Exception {
    Agents.Agent w = agents.agent("w");
    Agents.Agent b = agents.agent("b");
    Memory first = memory(b, 1, 5);
    PeerRequestLog log = w.network().requestLog("app");
    log.setMemories(5, List.of("b"));
    log.stamped(stamp(5, 1, 1), 1, text("INSERT"));
    Await.until("it is held", () -> first.view().requestsHeld() == 1);
    Memory second = memory(b, 2, 5);
    log.stamped(stamp(5, 1, 2), 1, text("INSERT"));
    assertThat(Await.failure(log.acknowledged(1, 2, 1)))
        .as("the first request of the transaction is not in the new memory")
        .isInstanceOf(PeerException.class);
    log.stamped(stamp(5, 2, 1), 1, text("INSERT"));
    Await.result(log.acknowledged(2, 1, 1));
    assertThat(second.view().requestsHeld()).isEqualTo(2);
  }

  @Test
  void afterATakeOverGatesFailAndWhatWasForwardedIsStillCounted() throws Exception {
    Agents.Agent w = agents.agent("w");
    Agents.Agent b = agents.agent("b");
    Memory memory = memory(b, 1, 5);
    PeerRequestLog log = w.network().requestLog("app");
    log.setMemories(5, List.of("b"));
    log.stamped(stamp(5, 1, 1), 1, text("INSERT"));
    Await.result(log.acknowledged(1, 1, 0));
    CompletableFuture<Void> refusing = new CompletableFuture<>();
    b.network().memories().refuseBefore("app", 6, () -> refusing.complete(null));
    Await.result(refusing);
    assertThat(Await.failure(log.acknowledged(1, 1, 0))).isInstanceOf(PeerException.class);
    log.stamped(stamp(5, 1, 2), 1, text("late"));
    log.setMemories(6, List.of());
    Await.result(log.acknowledged(1, 2, 0));
    log.forwarded(1, 1, 1);
    Await.until("it is counted", () -> memory.view().requestsForwarded() == 1);
    assertThat(memory.view().requestsStamped()).isEqualTo(1);
  }

  @Test
  void aGateWaitsForAMemoryThatIsAwayAndForNoneThatIsRecordedOut() throws Exception {
    Agents.Agent w = agents.agent("w");
    PeerRequestLog log = w.network().requestLog("app");
    log.setMemories(5, List.of("b"));
    log.stamped(stamp(5, 1, 1), 1, text("INSERT"));
    CompletableFuture<Void> gate = log.acknowledged(1, 1, 0).toCompletableFuture();
    CompletableFuture<Void> other = log.acknowledged(1, 1, 0).toCompletableFuture();
    assertThat(gate).isNotDone();
    Agents.Agent b = agents.agent("b");
    memory(b, 1, 5);
    Await.result(gate);
    Await.result(other);
    b.network().close();
    log.stamped(stamp(5, 1, 2), 1, text("INSERT"));
    CompletableFuture<Void> waiting = log.acknowledged(1, 2, 0).toCompletableFuture();
    assertThat(waiting).isNotDone();
    log.setMemories(5, List.of());
    Await.result(waiting);
    log.setMemories(6, List.of("b"));
    CompletableFuture<Void> ended = log.acknowledged(1, 2, 0).toCompletableFuture();
    log.setMemories(7, List.of("b"));
    assertThat(Await.failure(ended)).hasMessageContaining("STALE_EPOCH");
  }

  private static Stamp stamp(long epoch, long session, long request) {
    return new Stamp(epoch, session, request, LogPosition.of(100));
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
