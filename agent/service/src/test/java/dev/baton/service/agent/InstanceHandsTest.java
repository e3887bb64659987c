package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.RoleCommand.ExamineInstance;
import dev.baton.core.cluster.RoleCommand.KillInstance;
import dev.baton.core.cluster.RoleCommand.StartInstance;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.RoleEvent.InstanceKilled;
import dev.baton.core.cluster.RoleEvent.InstanceStarted;
import dev.baton.core.cluster.RoleEvent.StepFailed;
import dev.baton.model.LogPosition;
import dev.baton.service.monitor.FakeInstance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who is told that the instance is killed relies on it: nothing lives, and nothing comes to life
/// that was ordered before.
@Timeout(60)
class InstanceHandsTest {
  private final BlockingQueue<RoleEvent> told = new LinkedBlockingQueue<>();
  private final Server server = new Server();
  private final InstanceHands hands = new InstanceHands(server, new NoFence(), this::tell);

  @AfterEach
  void close() {
    server.mayStart.countDown();
    hands.close();
  }

  /// The order to kill finds no process yet: the step that is to start one has not got so far.
  @Test
  void aServerThatStartsAMomentAfterItsEndWasOrderedIsEndedToo() throws Exception {
    hands.start(new StartInstance(1));
    await(server.starts);
    hands.kill(new KillInstance(2));
    await(server.killed);
    server.mayStart.countDown();
    assertThat(next()).isInstanceOf(InstanceStarted.class);
    assertThat(next()).isEqualTo(new InstanceKilled(2, null));
    assertThat(server.aliveWhenTold).as("when its end was told").isFalse();
  }

  @Test
  void whatWaitsWhenTheEndIsOrderedIsNotDoneAfterIt() throws Exception {
    hands.start(new StartInstance(1));
    await(server.starts);
    hands.examine(new ExamineInstance(2));
    hands.kill(new KillInstance(3));
    await(server.killed);
    server.mayStart.countDown();
    List<RoleEvent> all = new ArrayList<>(List.of(next(), next(), next()));
    assertThat(all.getFirst()).isInstanceOf(InstanceStarted.class);
    assertThat(all).contains(new StepFailed(2, "the instance was ended first"));
    assertThat(all.getLast()).isEqualTo(new InstanceKilled(3, null));
  }

  @Test
  void whatIsOrderedAfterTheEndIsDone() throws Exception {
    server.mayStart.countDown();
    hands.kill(new KillInstance(1));
    hands.start(new StartInstance(2));
    assertThat(List.of(next(), next()))
        .contains(new InstanceKilled(1, null), new InstanceStarted(2, LogPosition.ZERO));
  }

  private void tell(RoleEvent event) {
    if (event instanceof InstanceKilled) {
      server.aliveWhenTold = server.alive;
    }
    told.add(event);
  }

  private RoleEvent next() throws InterruptedException {
    RoleEvent event = told.poll(30, TimeUnit.SECONDS);
    assertThat(event).as("an answer").isNotNull();
    return event;
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /// Takes its time to start; to be killed before is of no use.
  private static final class Server extends FakeInstance {
    final CountDownLatch starts = new CountDownLatch(1);
    final CountDownLatch mayStart = new CountDownLatch(1);
    final CountDownLatch killed = new CountDownLatch(1);
    volatile boolean alive;
    volatile boolean aliveWhenTold = true;

    @Override
    public void start() throws IOException {
      starts.countDown();
      try {
        mayStart.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      alive = true;
    }

    @Override
    public void kill() {
      alive = false;
      killed.countDown();
    }
  }

  private static final class NoFence implements InstanceHands.Fence {
    @Override
    public void closeToClients(String reason) {}

    @Override
    public void closeToAll(String reason) {}

    @Override
    public void awaitMembers(LogPosition position, long boundMillis) {}
  }
}
