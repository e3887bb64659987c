package dev.baton.service.agent;

import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.route.RouteState;
import dev.baton.net.Front;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Carries out what the role machine orders for clients: the route that fronts see, the door, and
/// the waits for fronts.
final class ClientHands {
  /// Longest wait for open transactions; the machine's own bound is shorter, so that this one only
  /// ends a wait that nobody is interested in any more.
  private static final long MAX_DRAIN_MILLIS = 60_000;

  private static final long LOOK_AGAIN_MILLIS = 2;

  /// This host's door for one service.
  interface Door {
    /// Lets through replication and the agents' own questions, no client work.
    void admitStandbys(long epoch);

    void open(long epoch);

    /// Lets client work through until then, by `System.nanoTime()`.
    void holdLease(long untilNanos);

    /// Ends the streams of client work and lets no new ones through.
    void closeToClients(String reason);

    /// Ends every stream before it returns.
    void closeToAll(String reason);
  }

  private final RouteHub route;
  private final Door door;
  private final Supplier<Front> front;
  private final FrontTallies tallies;
  private final ScheduledExecutorService timer;
  private final Consumer<RoleEvent> events;

  ClientHands(
      RouteHub route,
      Door door,
      Supplier<Front> front,
      FrontTallies tallies,
      ScheduledExecutorService timer,
      Consumer<RoleEvent> events) {
    this.route = route;
    this.door = door;
    this.front = front;
    this.tallies = tallies;
    this.timer = timer;
    this.events = events;
  }

  void publish(RoleCommand.Publish command) {
    route.publish(command.route());
  }

  void admitStandbys(RoleCommand.AdmitStandbys command) {
    door.admitStandbys(command.epoch());
  }

  void openDoor(RoleCommand.OpenDoor command) {
    door.open(command.epoch());
  }

  void holdLease(RoleCommand.HoldLease command) {
    door.holdLease(command.untilNanos());
  }

  void closeDoor(RoleCommand.CloseDoor command) {
    door.closeToAll(command.reason());
  }

  void awaitTransactionsEnd(RoleCommand.AwaitTransactionsEnd command) {
    look(command.ticket(), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_DRAIN_MILLIS));
  }

  private void look(long ticket, long deadlineNanos) {
    // a front that has not heard of the move yet does not know what it takes along
    boolean told = !(route.state() instanceof RouteState.Open);
    if (told && front.get().counters().inTransaction() == 0) {
      events.accept(new RoleEvent.TransactionsEnded(ticket));
    } else if (System.nanoTime() - deadlineNanos < 0) {
      timer.schedule(() -> look(ticket, deadlineNanos), LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  void awaitFronts(RoleCommand.AwaitFronts command) {
    tallies
        .settled(command.epoch(), command.boundMillis())
        .whenComplete(
            (tally, error) ->
                events.accept(
                    error == null
                        ? new RoleEvent.FrontsArrived(command.ticket(), tally.pending())
                        : new RoleEvent.StepFailed(command.ticket(), error.toString())));
  }
}
