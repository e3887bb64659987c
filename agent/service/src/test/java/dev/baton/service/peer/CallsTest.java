package dev.baton.service.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.testing.Await;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallsTest {
  private final Agents agents = agents();

  Agents agents() {
    return new Agents();
  }

  @AfterEach
  void close() {
    agents.close();
  }

  @Test
  void aCallIsAnsweredByTheHandlerOfItsName() throws Exception {
    Agents.Agent a = agents.agent("a");
    Agents.Agent b = agents.agent("b");
    b.network()
        .handle(
            "fate",
            (host, epoch, body) ->
                CompletableFuture.completedStage(host + " " + epoch + " " + body));
    connect(a, "b");
    assertThat(Await.result(a.network().call("b", "fate", 7, "{\"x\":\"ü\"}")))
        .isEqualTo("a 7 {\"x\":\"ü\"}");
    assertThat(Await.result(b.network().call("b", "fate", 8, "{}"))).isEqualTo("b 8 {}");
  }

  @Test
  void refusalsKeepTheirKindAndThePresentEpoch() throws Exception {
    Agents.Agent a = agents.agent("a");
    Agents.Agent b = agents.agent("b");
    b.network()
        .handle(
            "stale",
            (host, epoch, body) ->
                CompletableFuture.failedStage(
                    new PeerException(PeerError.STALE_EPOCH, 9, "epoch 7 has ended")));
    b.network()
        .handle(
            "broken",
            (host, epoch, body) -> {
              throw new IllegalStateException("no data directory");
            });
    connect(a, "b");
    assertThat(Await.failure(a.network().call("b", "stale", 7, "")))
        .isInstanceOfSatisfying(
            PeerException.class,
            e -> {
              assertThat(e.error()).isEqualTo(PeerError.STALE_EPOCH);
              assertThat(e.epoch()).isEqualTo(9);
            });
    assertThat(Await.failure(a.network().call("b", "broken", 7, "")))
        .hasMessageContaining("CALL_FAILED")
        .hasMessageContaining("no data directory");
    assertThat(Await.failure(a.network().call("b", "unknown", 7, "")))
        .hasMessageContaining("NO_METHOD");
    assertThatThrownBy(
            () -> b.network().handle("stale", (host, epoch, body) -> new CompletableFuture<>()))
        .hasMessageContaining("two handlers");
  }

  @Test
  void anUnansweredCallEndsInTime() throws Exception {
    agents.timings = new PeerTimings(20, 60_000, 300, 10);
    Agents.Agent a = agents.agent("a");
    Agents.Agent b = agents.agent("b");
    b.network().handle("never", (host, epoch, body) -> new CompletableFuture<>());
    connect(a, "b");
    assertThat(Await.failure(a.network().call("b", "never", 0, "")))
        .hasMessageContaining("TIMED_OUT");
  }

  @Test
  void aLostConnectionEndsWhatIsUnanswered() throws Exception {
    Agents.Agent a = agents.agent("a");
    Agents.Agent b = agents.agent("b");
    b.network().handle("never", (host, epoch, body) -> new CompletableFuture<>());
    connect(a, "b");
    CompletableFuture<String> pending = a.network().call("b", "never", 0, "").toCompletableFuture();
    b.network().close();
    assertThat(Await.failure(pending)).hasMessageContaining("UNREACHABLE");
    assertThat(Await.failure(a.network().call("c", "never", 0, "")))
        .hasMessageContaining("no link to c");
  }

  @Test
  void noticesArriveAndTheLinkComesBackByItself() throws Exception {
    Agents.Agent a = agents.agent("a");
    Agents.Agent b = agents.agent("b");
    List<String> heard = new CopyOnWriteArrayList<>();
    CallHandler listening =
        (host, epoch, body) -> {
          heard.add(host + body);
          return CompletableFuture.completedStage("");
        };
    b.network().handle("hear", listening);
    List<Set<String>> seen = new CopyOnWriteArrayList<>();
    a.network().watch(seen::add);
    connect(a, "b");
    a.network().tell("b", "hear", 0, "1");
    Await.until("the notice is heard", () -> heard.contains("a1"));
    b.network().close();
    Await.until("the loss is seen", () -> a.network().connected().isEmpty());
    Agents.Agent again = agents.agent("b");
    again.network().handle("hear", listening);
    Await.until("the link is back", () -> a.network().connected().contains("b"));
    a.network().tell("b", "hear", 0, "2");
    Await.until("the notice is heard", () -> heard.contains("a2"));
    assertThat(seen).startsWith(Set.of(), Set.of("b"), Set.of()).endsWith(Set.of("b"));
    assertThat(a.network().lastSignNanos("b")).isPresent();
  }

  @Test
  void anAgentWithAnotherSecretOrAnotherNameIsNotConnected() throws Exception {
    Agents.Agent a = agents.agent("a");
    agents.agent("b", "another secret", null);
    agents.agent("c");
    agents.addresses.put("d", java.util.Objects.requireNonNull(agents.addresses.get("c")));
    a.network().connect("b");
    a.network().connect("d");
    connect(a, "c");
    assertThat(a.network().connected()).containsExactly("c");
  }

  private static void connect(Agents.Agent from, String to) {
    from.network().connect(to);
    Await.until("the link is there", () -> from.network().connected().contains(to));
  }
}
