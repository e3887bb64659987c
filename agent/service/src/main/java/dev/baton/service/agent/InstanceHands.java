package dev.baton.service.agent;

import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.engine.Instance;
import dev.baton.model.LogPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what the role machine orders of the local instance: one step after the other, on a
/// thread that may block; killing and fencing overtake and break off what runs.
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
  private final ExecutorService steps =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("instance").factory());
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
    steps.execute(() -> run(ticket, step));
  }

  private void overtake(long ticket, Step step) {
    Thread.ofVirtual().name("instance-fence").start(() -> run(ticket, step));
  }

  private void run(long ticket, Step step) {
    RoleEvent event;
    try {
      event = step.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("a step of the instance failed: {}", e.toString());
      event = new RoleEvent.StepFailed(ticket, String.valueOf(e.getMessage()));
    }
    events.accept(event);
  }
}
