package dev.baton.console.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.console.fake.FakeAgent;
import dev.baton.console.fake.PretendCluster;
import dev.baton.model.MoveKind;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.StreamMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlLinkTest {
  private static final ControlLink.Timing QUICK =
      new ControlLink.Timing(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMillis(10),
          Duration.ofMillis(40));

  private final PretendCluster cluster = new PretendCluster(Map.of());
  private final FakeAgent agent = new FakeAgent(cluster::snapshot);
  private final BlockingQueue<LinkEvent> events = new LinkedBlockingQueue<>();
  private @Nullable ControlLink link;

  @AfterEach
  void close() {
    if (link != null) {
      link.close();
    }
    agent.close();
  }

  private ControlLink open(OperatorToken token) {
    return open(token, QUICK);
  }

  private ControlLink open(OperatorToken token, ControlLink.Timing timing) {
    ControlLink opened = new ControlLink(agent.url(), token, timing, Runnable::run, events::add);
    link = opened;
    opened.start();
    return opened;
  }

  private ControlLink open() {
    return open(new OperatorToken(null));
  }

  private <T extends LinkEvent> T next(Class<T> type) throws InterruptedException {
    LinkEvent event;
    do {
      event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("an event of type " + type.getSimpleName()).isNotNull();
    } while (!type.isInstance(event));
    return type.cast(event);
  }

  @Test
  void snapshotThenDeltas() throws InterruptedException {
    open();
    next(LinkEvent.Connected.class);
    assertThat(next(LinkEvent.Received.class).message().snapshot()).isTrue();

    agent.send(cluster::delta);

    StreamMessage delta = next(LinkEvent.Received.class).message();
    assertThat(delta.snapshot()).isFalse();
    assertThat(delta.sequence()).isEqualTo(2);
  }

  @Test
  void resumesAfterTheLastMessageSeenWhenTheStreamBreaks() throws InterruptedException {
    open();
    next(LinkEvent.Received.class);
    agent.send(cluster::delta);
    next(LinkEvent.Received.class);

    agent.cut();
    next(LinkEvent.Lost.class);
    next(LinkEvent.Connected.class);

    assertThat(agent.requests()).contains("GET /v1/stream -", "GET /v1/stream?after=2 -");
  }

  @Test
  void goesOnToAnotherAgentOfTheClusterThatItLearnt() throws InterruptedException {
    PretendCluster sameCluster = new PretendCluster(Map.of());
    try (FakeAgent other = new FakeAgent(sameCluster::snapshot)) {
      PretendCluster naming = new PretendCluster(Map.of("b", other.url().toString()));
      FakeAgent first = new FakeAgent(naming::snapshot);
      try {
        ControlLink opened =
            new ControlLink(
                first.url(), new OperatorToken(null), QUICK, Runnable::run, events::add);
        link = opened;
        opened.start();
        next(LinkEvent.Received.class);
        assertThat(opened.knows(other.url())).isTrue();

        first.close();

        LinkEvent.Connected again;
        do {
          again = next(LinkEvent.Connected.class);
        } while (!again.address().equals(other.url()));
        assertThat(next(LinkEvent.Received.class).message().snapshot()).isTrue();
        assertThat(other.requests()).first().isEqualTo("GET /v1/stream -");
      } finally {
        first.close();
      }
    }
  }

  @Test
  void aGapInTheSequenceIsABreakAndAskedForAgain() throws InterruptedException {
    open();
    next(LinkEvent.Received.class);
    cluster.delta(); // never sent

    agent.send(cluster::delta);

    assertThat(next(LinkEvent.Lost.class).reason()).contains("some are missing");
    next(LinkEvent.Connected.class);
  }

  @Test
  void silenceIsABreak() throws InterruptedException {
    open(
        new OperatorToken(null),
        new ControlLink.Timing(
            QUICK.connect(), Duration.ofMillis(500), Duration.ofMillis(10), Duration.ofMillis(40)));
    next(LinkEvent.Received.class);

    assertThat(next(LinkEvent.Lost.class).reason()).isEqualTo("silent for 500 ms");
  }

  @Test
  void anUnreachableAgentIsTriedAgain() throws InterruptedException {
    int port = agent.port();
    agent.close();
    open();
    next(LinkEvent.Lost.class);
    next(LinkEvent.Lost.class);

    try (FakeAgent back = new FakeAgent(cluster::snapshot, port)) {
      next(LinkEvent.Connected.class);
      assertThat(back.url()).isEqualTo(agent.url());
    }
  }

  @Test
  void sendsTheTokenFromItsFile(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("token"), "s3cret\n");
    agent.onPlan(cluster::plan);

    PlanView plan =
        open(new OperatorToken(file))
            .plan(new PlanRequest("app", MoveKind.SWITCHOVER, "b", null))
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);

    assertThat(plan.target()).isEqualTo("b");
    assertThat(agent.requests()).contains("POST /v1/plans Bearer s3cret");
  }

  @Test
  void aRefusalSaysTheAgentsOwnWords() {
    agent.onMove(_ -> FakeAgent.problem(409, "plan changed", "epoch is 4 now"));

    assertThatThrownBy(() -> move())
        .cause()
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.problem().detail()).isEqualTo("epoch is 4 now"));
  }

  @Test
  void aLostAnswerIsNoRefusal() {
    agent.onMove(_ -> null);

    assertThatThrownBy(() -> move())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class);
  }

  private void move() throws Exception {
    open()
        .move(new MoveRequest("plan-1", null, null))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }
}
