package dev.baton.service.agent;

import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.RoleMachine;
import dev.baton.core.cluster.RoleSettings;
import dev.baton.core.cluster.RoleState;
import dev.baton.core.cluster.RoleStep;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one service's role machine: events come into a mailbox, one thread steps the machine and
/// hands its commands on in their order, the log gets a line for each change of role. Decides
/// nothing itself.
final class ServiceDriver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceDriver.class);

  private final ScheduledExecutorService mailbox;
  private final Consumer<RoleCommand> hands;
  private final RoleStep first;
  private volatile RoleState state;

  /// @param mailbox single-threaded; owned by this driver
  /// @param hands begins a command and returns at once; called on the mailbox's thread
  ServiceDriver(
      RoleSettings settings, ScheduledExecutorService mailbox, Consumer<RoleCommand> hands) {
    this.mailbox = mailbox;
    this.hands = hands;
    this.first = RoleMachine.start(settings);
    this.state = first.next();
  }

  /// From now on time passes for the machine.
  void begin() {
    mailbox.execute(() -> first.commands().forEach(hands));
    long millis = state.settings().tickMillis();
    mailbox.scheduleAtFixedRate(
        () -> take(new RoleEvent.Tick()), millis, millis, TimeUnit.MILLISECONDS);
  }

  /// From any thread.
  void post(RoleEvent event) {
    if (!mailbox.isShutdown()) {
      mailbox.execute(() -> take(event));
    }
  }

  /// Runs a task on this driver's thread, after the events that wait already.
  ///
  /// @throws java.util.concurrent.RejectedExecutionException when the driver has ended
  void whenIdle(Runnable task) {
    mailbox.execute(task);
  }

  /// As of the last event that was taken; from any thread.
  RoleState state() {
    return state;
  }

  private void take(RoleEvent event) {
    try {
      RoleStep step = RoleMachine.step(state, event, System.nanoTime());
      if (!step.reason().isEmpty()) {
        LOG.info("service={} {}", state.settings().service(), step.reason());
      }
      state = step.next();
      step.commands().forEach(hands);
    } catch (RuntimeException e) {
      // A broken invariant: this host must not go on guessing for this service.
      LOG.error(
          "service={} the role machine failed on {}; this host stops serving it",
          state.settings().service(),
          event,
          e);
      hands.accept(new RoleCommand.CloseDoor("the agent has met a broken invariant"));
      mailbox.shutdown();
    }
  }

  @Override
  public void close() {
    mailbox.shutdownNow();
  }
}
