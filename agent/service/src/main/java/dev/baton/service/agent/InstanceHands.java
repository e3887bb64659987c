package dev.baton.service.agent;

import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.engine.Instance;
import dev.baton.model.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what the role machine orders of the local instance: one step after the other, on a
/// thread that may block; killing and fencing overtake and break off what runs.
///
/// Who is told that the instance is killed relies on it that nothing lives, and that nothing which
/// was ordered before comes to life: steps that wait are given up, the one that is broken off is
/// waited for, and if it started a server all the same that one is killed too. Ends come one after
/// the other, so that none which is late meets what was begun after the next.
final class InstanceHands implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceHands.class);
  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  /// What fencing needs of the agent's other parts.
  interface Fence {
    /// Refuses client work and ends every stream that carries it; standbys' streams live on.
    void closeToClients(String reason);

    void closeToAll(String reason);

    /// Returns when the members in sync have the log up to `position`, or at the bound.
    void awaitMembers(LogPosition position, long boundMillis);
  }

  private final Instance instance;
  private final Fence fence;
  private final Consumer<RoleEvent> events;
  private final ExecutorService steps = oneAfterTheOther("instance");
  private final ExecutorService ends = oneAfterTheOther("instance-end");
  private final AtomicLong endsOrdered = new AtomicLong();
  private final AtomicInteger stepsLeft = new AtomicInteger();
  private volatile int seedPercent = -1;

  InstanceHands(Instance instance, Fence fence, Consumer<RoleEvent> events) {
    this.instance = instance;
    this.fence = fence;
    this.events = events;
    instance.onGoing(
        going ->
            events.accept(
                new RoleEvent.InstanceGoing(
                    going.cause(), going.explanation(), going.lastSignOfLifeNanos())));
  }

  /// What comes after the end is of no concern to anyone. The queue is as short as the machine's
  /// orders: it waits for the answer to each.
  private static ExecutorService oneAfterTheOther(String name) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(),
        Thread.ofVirtual().name(name).factory(),
        new ThreadPoolExecutor.DiscardPolicy());
  }

  Instance instance() {
    return instance;
  }

  /// Progress of a copy that runs, 0 to 100; null when none does.
  @Nullable Integer seedPercent() {
    int percent = seedPercent;
    return percent < 0 ? null : percent;
  }

  void kill(RoleCommand.KillInstance command) {
    overtake(
        command.ticket(),
        () -> {
          instance.kill();
          return new RoleEvent.InstanceKilled(command.ticket(), null);
        });
  }

  void fence(RoleCommand.FenceInstance command) {
    overtake(
        command.ticket(),
        () -> {
          fence.closeToClients("fenced for a move");
          LogPosition last = instance.position();
          fence.awaitMembers(last, command.confirmMillis());
          instance.kill();
          fence.closeToAll("fenced for a move");
          return new RoleEvent.InstanceKilled(command.ticket(), last);
        });
  }

  void examine(RoleCommand.ExamineInstance command) {
    inTurn(
        command.ticket(),
        () -> new RoleEvent.InstanceExamined(command.ticket(), instance.endOfLog()));
  }

  void start(RoleCommand.StartInstance command) {
    inTurn(
        command.ticket(),
        () -> {
          instance.initialize();
          instance.start();
          return new RoleEvent.InstanceStarted(command.ticket(), instance.position());
        });
  }

  void requireAcknowledgement(RoleCommand.RequireAcknowledgement command) {
    inTurn(
        command.ticket(),
        () ->
            new RoleEvent.AcknowledgementRequired(
                command.ticket(), instance.requireAcknowledgement(command.members())));
  }

  void seed(RoleCommand.SeedInstance command) {
    inTurn(
        command.ticket(),
        () -> {
          seedPercent = 0;
          try {
            LogPosition from =
                instance.seed(command.epoch(), command.home(), percent -> seedPercent = percent);
            return new RoleEvent.InstanceSeeded(command.ticket(), from);
          } finally {
            seedPercent = -1;
          }
        });
  }

  void followRelay(RoleCommand.FollowRelay command) {
    inTurn(
        command.ticket(),
        () -> {
          instance.followRelay();
          return new RoleEvent.RelayFollowed(command.ticket());
        });
  }

  void promote(RoleCommand.Promote command) {
    inTurn(
        command.ticket(),
        () -> {
          if (instance.state() != Instance.State.PRIMARY) { // it may have been when it broke off
            instance.promote(Duration.ofMillis(command.boundMillis()));
          }
          return new RoleEvent.Promoted(command.ticket());
        });
  }

  /// The agent ends: the instance is stopped in order.
  @Override
  public void close() {
    ends.shutdownNow();
    steps.shutdown();
    try {
      instance.stop(STOP_BOUND);
    } catch (IOException e) {
      LOG.warn("the instance was not stopped in order: {}", e.getMessage());
    }
    instance.close();
  }

  @FunctionalInterface
  private interface Step {
    RoleEvent run() throws IOException;
  }

  private void inTurn(long ticket, Step step) {
    long before = endsOrdered.get();
    stepsLeft.incrementAndGet();
    steps.execute(
        () -> {
          RoleEvent event =
              endsOrdered.get() == before
                  ? outcome(ticket, step)
                  : new RoleEvent.StepFailed(ticket, "the instance was ended first");
          stepsLeft.decrementAndGet();
          events.accept(event);
        });
  }

  private void overtake(long ticket, Step step) {
    endsOrdered.incrementAndGet();
    ends.execute(
        () -> {
          RoleEvent event = outcome(ticket, step);
          events.accept(stepsLeft.get() == 0 ? event : outcome(ticket, () -> endAgain(event)));
        });
  }

  /// After the step that was broken off has ended; it may have started a server a moment after the
  /// others were killed.
  private RoleEvent endAgain(RoleEvent ended) throws IOException {
    CountDownLatch brokenOff = new CountDownLatch(1);
    steps.execute(brokenOff::countDown);
    try {
      brokenOff.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a step was broken off", e);
    }
    instance.kill();
    return ended;
  }

  private static RoleEvent outcome(long ticket, Step step) {
    try {
      return step.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("a step of the instance failed: {}", e.toString());
      return new RoleEvent.StepFailed(ticket, String.valueOf(e.getMessage()));
    }
  }
}
