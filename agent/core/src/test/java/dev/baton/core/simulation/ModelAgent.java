package dev.baton.core.simulation;

import dev.baton.core.cluster.Coordination.Connection;
import dev.baton.core.cluster.PeerMessage;
import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.RoleMachine;
import dev.baton.core.cluster.RoleSettings;
import dev.baton.core.cluster.RoleState;
import dev.baton.core.cluster.RoleStep;
import dev.baton.core.route.RouteState;
import dev.baton.model.LogPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One life of the agent on a host: the real machine, and a model of its driver, door and front.
final class ModelAgent {
  private enum Door {
    CLOSED,
    STANDBYS,
    OPEN
  }

  final String host;
  final ModelMemory memory;

  private final Simulation simulation;
  private final World world;
  private final ArrayDeque<RoleEvent> deferred = new ArrayDeque<>();
  private final List<ModelClient.Stream> streams = new ArrayList<>();
  private RoleState state;
  private @Nullable RouteState route;
  private Set<String> peers = new TreeSet<>();
  private Door door = Door.CLOSED;
  private long doorEpoch;
  private long leaseUntilNanos;
  private boolean alive = true;
  private boolean paused;
  private long silentSinceNanos = -1;
  private long killsOrdered;

  ModelAgent(Simulation simulation, String host, RoleSettings settings) {
    this.simulation = simulation;
    this.world = simulation.world;
    this.host = host;
    RoleStep start = RoleMachine.start(settings);
    this.state = start.next();
    this.memory = new ModelMemory(simulation, this);
    start.commands().forEach(this::execute);
    give(
        new RoleEvent.ConnectionChanged(
            simulation.coordination.connected(host) ? Connection.CONNECTED : Connection.SUSPENDED));
    tick();
    watchPeers();
  }

  // --- what the world does to it

  void die() {
    world.trace(host + " agent dies");
    alive = false;
    closeDoor();
    memory.stop();
  }

  void pause(boolean now) {
    paused = now;
    silentSinceNanos = now ? world.now() : -1;
    while (!paused && alive && !deferred.isEmpty()) {
      step(deferred.removeFirst());
    }
  }

  boolean isAlive() {
    return alive;
  }

  boolean isPaused() {
    return paused;
  }

  /// A paused agent keeps its connections for a second.
  boolean looksAlive() {
    return alive && (!paused || world.now() - silentSinceNanos < 1_000_000_000L);
  }

  RoleState state() {
    return state;
  }

  @Nullable RouteState route() {
    return route;
  }

  boolean takesClients() {
    return alive && door == Door.OPEN && passes();
  }

  /// What the door lets through on its way back to a client: it looks at the time first.
  boolean passes() {
    return world.now() - leaseUntilNanos < 0 || simulation.sabotage == Sabotage.WOKEN_HOME_ANSWERS;
  }

  boolean admits(long epoch, ModelClient.Stream stream) {
    boolean opened =
        takesClients()
            && !paused
            && !stream.broken
            && doorEpoch == epoch
            && instance().process == ModelInstance.Processes.UP;
    if (opened) {
      simulation.ledger.works(host, epoch);
      streams.removeIf(each -> each.broken);
      streams.add(stream);
    }
    return opened;
  }

  boolean admitsStandby(long epoch) {
    return alive && !paused && door != Door.CLOSED && doorEpoch == epoch && instance().runs();
  }

  /// The log that this host would have if it were promoted now.
  List<Long> wholeLog() {
    return memory.wholeLog();
  }

  // --- events in, commands out

  void give(RoleEvent event) {
    if (!alive) {
      return;
    }
    if (paused) {
      deferred.addLast(event);
    } else {
      step(event);
    }
  }

  private void step(RoleEvent event) {
    RoleStep step = RoleMachine.step(state, event, world.now());
    if (!step.reason().isEmpty()) {
      world.trace(host + " " + step.reason());
    }
    state = step.next();
    for (RoleCommand command : step.commands()) {
      if (world.chance(simulation.crashBetweenCommands)) {
        simulation.killAgent(host);
        return;
      }
      execute(command);
      if (!alive) {
        return;
      }
    }
  }

  private void tick() {
    world.in(
        45_000,
        55_000,
        () -> {
          if (alive) {
            give(new RoleEvent.Tick());
            tick();
          }
        });
  }

  private void watchPeers() {
    world.in(
        20_000,
        150_000,
        () -> {
          if (!alive) {
            return;
          }
          Set<String> now = simulation.reachable(host);
          if (!now.equals(peers)) {
            peers = now;
            if (simulation.sabotage == Sabotage.OUT_WITHOUT_RECORD
                && state.role() instanceof RoleState.Role.Serving) {
              instance().require(now);
            }
            give(new RoleEvent.PeersChanged(now));
          }
          if (state.role() instanceof RoleState.Role.Serving) {
            give(new RoleEvent.LogAt(position(instance().end())));
          }
          watchPeers();
        });
  }

  private void execute(RoleCommand command) {
    switch (command) {
      case RoleCommand.Write c -> simulation.coordination.write(this, c);
      case RoleCommand.ReadRecord c -> simulation.coordination.read(this);
      case RoleCommand.Send c -> send(c.to(), c.message());
      case RoleCommand.Broadcast c -> {
        if (c.message() instanceof PeerMessage.HomeGoing going && going.cause() != null) {
          simulation.ledger.shut(host, takesClients());
        }
        if (c.message() instanceof PeerMessage.Fenced) {
          simulation.ledger.attested(host, takesClients());
        }
        simulation.hosts.stream().filter(h -> !h.equals(host)).forEach(h -> send(h, c.message()));
      }
      case RoleCommand.Publish c -> route = c.route();
      case RoleCommand.AdmitStandbys c -> door(Door.STANDBYS, c.epoch());
      case RoleCommand.OpenDoor c -> {
        simulation.ledger.doorOpened(host);
        door(Door.OPEN, c.epoch());
      }
      case RoleCommand.HoldLease c -> leaseUntilNanos = c.untilNanos();
      case RoleCommand.CloseDoor c -> {
        if (simulation.sabotage != Sabotage.SKIP_FENCE
            && simulation.sabotage != Sabotage.SERVE_WITH_OLD_EPOCH) {
          closeDoor();
        }
      }
      case RoleCommand.AwaitTransactionsEnd c -> awaitTransactions(c.ticket());
      case RoleCommand.AwaitFronts c ->
          later(1_000, 50_000, new RoleEvent.FrontsArrived(c.ticket(), 0));
      case RoleCommand.KillInstance c -> kill(c.ticket());
      case RoleCommand.FenceInstance c -> fence(c.ticket(), c.confirmMillis());
      case RoleCommand.ExamineInstance c -> later(500, 2_000, examined(c.ticket()));
      case RoleCommand.StartInstance c -> start(c.ticket());
      case RoleCommand.RequireAcknowledgement c -> require(c);
      case RoleCommand.SeedInstance c -> memory.seed(c.ticket(), c.epoch(), c.home());
      case RoleCommand.FollowRelay c -> {
        instance().standby = true;
        later(500, 3_000, new RoleEvent.RelayFollowed(c.ticket()));
      }
      case RoleCommand.Promote c -> promote(c.ticket());
      case RoleCommand.StartReceiving c -> {
        memory.begin(c.epoch(), c.home(), (int) c.from().bits());
        later(100, 1_000, new RoleEvent.ReceivingStarted(c.ticket()));
      }
      case RoleCommand.ContinueReceiving c -> memory.goOn(c.epoch(), c.home());
      case RoleCommand.StopReceiving c -> {
        memory.stop();
        later(100, 2_000, new RoleEvent.ReceivingStopped(c.ticket(), position(memory.end())));
      }
      case RoleCommand.AwaitCaughtUp c -> memory.awaitCaughtUp(c.ticket());
      case RoleCommand.AwaitInMemory c ->
          memory.awaitInMemory(c.ticket(), (int) c.position().bits());
      case RoleCommand.AwaitFlushed c -> {
        if (simulation.sabotage == Sabotage.PROMOTE_BEFORE_FLUSHED) {
          later(10, 20, new RoleEvent.Flushed(c.ticket()));
        } else {
          memory.awaitFlushed(c.ticket(), (int) c.position().bits());
        }
      }
      case RoleCommand.SettleFates c -> later(100, 500, new RoleEvent.FatesSettled(c.ticket()));
      case RoleCommand.AnswerOrder c -> world.trace(host + " order: " + c.explanation());
      case RoleCommand.Report c -> simulation.reported(host, c.report());
      case RoleCommand.RaiseAlarm c -> world.trace(host + " ALARM " + c.alarm());
      case RoleCommand.ClearAlarm c -> {}
    }
  }

  private void send(String to, PeerMessage message) {
    PeerMessage sent = message;
    if (simulation.sabotage == Sabotage.JOIN_WITHOUT_POSITION
        && message instanceof PeerMessage.JoinAt m) {
      sent =
          new PeerMessage.JoinAt(
              m.epoch(), m.homeGeneration(), m.memberGeneration(), LogPosition.ZERO);
    }
    if (simulation.sabotage == Sabotage.LEASE_FROM_RECEIPT
        && message instanceof PeerMessage.GrantLease m) {
      sent =
          new PeerMessage.GrantLease(
              m.epoch(), m.homeGeneration(), m.memberGeneration(), world.now() + 400_000_000L);
    }
    PeerMessage carried = sent;
    simulation.post(host, to, carried);
    if (simulation.sabotage == Sabotage.OPEN_WITHOUT_MEMBERS
        && message instanceof PeerMessage.AskInMemory ask) {
      later(
          10,
          20,
          new RoleEvent.Received(
              to,
              new PeerMessage.HasInMemory(ask.epoch(), ask.memberGeneration(), ask.position())));
    }
  }

  private void door(Door next, long epoch) {
    if (door == Door.OPEN && next == Door.STANDBYS) {
      closeDoor();
    }
    door = next;
    doorEpoch = epoch;
  }

  private void closeDoor() {
    door = Door.CLOSED;
    streams.forEach(stream -> stream.broken = true);
    streams.clear();
  }

  private void awaitTransactions(long ticket) {
    world.in(
        1_000,
        10_000,
        () -> {
          if (simulation.hasOpenTransactions(host)) {
            awaitTransactions(ticket);
          } else {
            give(new RoleEvent.TransactionsEnded(ticket));
          }
        });
  }

  // --- the instance

  private ModelInstance instance() {
    return simulation.instance(host);
  }

  private void kill(long ticket) {
    if (simulation.sabotage == Sabotage.SKIP_FENCE
        && state.role() instanceof RoleState.Role.Fencing) {
      later(500, 1_000, new RoleEvent.InstanceKilled(ticket, null));
      return;
    }
    long mine = ++killsOrdered;
    world.in(
        500,
        8_000,
        () -> {
          if (mine < killsOrdered) {
            return; // the next one ends later than this one
          }
          if (alive && world.chance(simulation.failingSteps)) {
            give(new RoleEvent.StepFailed(ticket, "a process does not end"));
          } else if (alive) {
            instance().kill();
            LogPosition last = world.chance(0.5) ? position(instance().end()) : null;
            give(new RoleEvent.InstanceKilled(ticket, last));
          }
        });
  }

  private RoleEvent examined(long ticket) {
    if (world.chance(simulation.failingSteps)) {
      return new RoleEvent.StepFailed(ticket, "its log cannot be read");
    }
    LogPosition end =
        simulation.sabotage == Sabotage.FOLLOW_ANYTHING
            ? LogPosition.ZERO
            : position(instance().end());
    return new RoleEvent.InstanceExamined(ticket, instance().exists ? end : null);
  }

  private void fence(long ticket, long confirmMillis) {
    if (simulation.sabotage == Sabotage.SKIP_FENCE) {
      kill(ticket);
      return;
    }
    instance().endBackends();
    int last = instance().end();
    long untilNanos = world.now() + confirmMillis * 1_000_000;
    confirm(ticket, last, untilNanos, instance().life);
  }

  private void confirm(long ticket, int last, long untilNanos, int life) {
    world.in(
        500,
        2_000,
        () -> {
          if (!alive) {
            return;
          }
          if (instance().life == life
              && !instance().awaitedHave(last)
              && world.now() < untilNanos) {
            confirm(ticket, last, untilNanos, life);
            return;
          }
          instance().kill();
          give(new RoleEvent.InstanceKilled(ticket, position(instance().end())));
        });
  }

  private void start(long ticket) {
    int life = instance().life;
    world.in(
        30_000,
        200_000,
        () -> {
          ModelInstance instance = instance();
          if (instance.life != life || !alive) {
            return;
          }
          if (instance.half) {
            throw new Violation(host + " starts a copy that broke off");
          }
          if (world.chance(simulation.failingSteps)) {
            give(new RoleEvent.StepFailed(ticket, "did not start"));
            return;
          }
          instance.start();
          give(new RoleEvent.InstanceStarted(ticket, position(instance.end())));
        });
  }

  private void require(RoleCommand.RequireAcknowledgement command) {
    int life = instance().life;
    Set<String> members = command.members();
    world.in(
        500,
        4_000,
        () -> {
          if (alive && world.chance(simulation.failingSteps)) {
            give(new RoleEvent.StepFailed(command.ticket(), "the server does not answer"));
          } else if (instance().life == life && alive) {
            instance().require(members);
            give(
                new RoleEvent.AcknowledgementRequired(
                    command.ticket(), position(instance().end())));
          }
        });
  }

  private void promote(long ticket) {
    int life = instance().life;
    world.in(
        5_000,
        60_000,
        () -> {
          if (!alive) {
            return;
          }
          if (instance().life != life || !instance().runs()) {
            give(new RoleEvent.StepFailed(ticket, "the instance is not there"));
            return;
          }
          instance().standby = false;
          give(new RoleEvent.Promoted(ticket));
        });
  }

  private void later(long fromMicros, long toMicros, RoleEvent event) {
    world.in(fromMicros, toMicros, () -> give(event));
  }

  static LogPosition position(int entries) {
    return LogPosition.of(entries);
  }
}
