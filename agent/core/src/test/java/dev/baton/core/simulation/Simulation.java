package dev.baton.core.simulation;

import dev.baton.core.cluster.PeerMessage;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.RoleSettings;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.Alarm;
import dev.baton.core.move.MoveBounds;
import dev.baton.core.move.MoveReport;
import dev.baton.model.Durability;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A cluster of models around the real machines.
final class Simulation {
  static final MoveBounds BOUNDS =
      new MoveBounds(2_000, 3_000, 20, 100, 1_000, 6_000, 500, 500, 1_000, 1_000, 1_000);

  final World world;
  final Ledger ledger;
  final ModelCoordination coordination;
  final List<String> hosts;
  final Durability durability;
  final Sabotage sabotage;
  final List<MoveReport> reports = new ArrayList<>();

  /// Chance that something goes wrong of itself: a message lost or late, an answer unknown.
  double trouble;

  /// Chance that a step of an instance fails: its processes do not end, it does not start.
  double failingSteps;

  double crashBetweenCommands;

  /// Chance that log takes its time on one stretch of its way.
  double slowness;

  /// Clients begin nothing new.
  boolean quiet;

  private final Map<String, ModelInstance> instances = new TreeMap<>();
  private final Map<String, ModelAgent> agents = new HashMap<>();
  private final Set<String> cuts = new TreeSet<>();
  private final Map<String, List<ModelClient>> clients = new TreeMap<>();
  private long transactions;
  private long progress;

  Simulation(long seed, int hosts, Durability durability, Sabotage sabotage) {
    this.world = new World(seed);
    this.hosts = List.of("a", "b", "c").subList(0, hosts);
    this.durability = durability;
    this.sabotage = sabotage;
    this.ledger = new Ledger(this);
    this.coordination = new ModelCoordination(this);
    for (String host : this.hosts) {
      instances.put(host, new ModelInstance(world));
      startAgent(host);
      List<ModelClient> ofHost = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ofHost.add(new ModelClient(this, host));
      }
      clients.put(host, ofHost);
    }
    housekeeping();
  }

  ModelInstance instance(String host) {
    ModelInstance instance = instances.get(host);
    if (instance == null) {
      throw new IllegalArgumentException("no host " + host);
    }
    return instance;
  }

  @Nullable ModelAgent agent(String host) {
    return agents.get(host);
  }

  long nextTransaction() {
    return ++transactions;
  }

  void progressed() {
    progress++;
  }

  void reported(String host, MoveReport report) {
    world.trace(host + " " + report);
    reports.add(report);
  }

  boolean hasOpenTransactions(String host) {
    return clients.getOrDefault(host, List.of()).stream().anyMatch(ModelClient::isInTransaction);
  }

  // --- network

  boolean linked(String from, String to) {
    return from.equals(to) || !cuts.contains(from + to);
  }

  void cut(String from, String to, boolean now) {
    if (now) {
      cuts.add(from + to);
    } else {
      cuts.remove(from + to);
    }
  }

  Set<String> reachable(String host) {
    Set<String> reachable = new TreeSet<>();
    for (String other : hosts) {
      ModelAgent agent = agent(other);
      if (!other.equals(host)
          && agent != null
          && agent.looksAlive()
          && linked(host, other)
          && linked(other, host)) {
        reachable.add(other);
      }
    }
    return reachable;
  }

  /// A byte of a stream: it arrives, or the stream is broken.
  void carry(String from, String to, Runnable arrives, Runnable breaks) {
    world.in(
        50,
        1_000,
        () -> {
          if (linked(from, to) && !world.chance(trouble / 20)) {
            arrives.run();
          } else {
            breaks.run();
          }
        });
  }

  /// A message: lost, late, twice or out of order.
  void post(String from, String to, PeerMessage message) {
    if (!linked(from, to) || world.chance(trouble)) {
      return;
    }
    int copies = world.chance(trouble) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long slowest = world.chance(trouble) ? 2_000_000 : 2_000;
      world.in(
          50,
          slowest,
          () -> {
            ModelAgent agent = agent(to);
            if (agent != null) {
              agent.give(new RoleEvent.Received(from, message));
            }
          });
    }
  }

  // --- faults

  /// Records of a home's log that are there for hosts that are away, at least.
  static final int LOG_KEPT = 400;

  void startAgent(String host) {
    if (agent(host) == null) {
      RoleSettings settings = settings(host);
      agents.put(host, new ModelAgent(this, host, settings));
    }
  }

  private RoleSettings settings(String host) {
    return new RoleSettings(
        "test",
        "app",
        host,
        "a",
        true,
        durability,
        true,
        50,
        100,
        1_500,
        1_000,
        3_000,
        sabotage == Sabotage.KEEP_RECEIVING ? 60_000 : 800,
        switch (sabotage) {
          case TAKE_OVER_EARLY -> -500;
          case KEEP_RECEIVING -> -59_000;
          default -> 80;
        },
        100,
        300,
        5_000,
        LOG_KEPT,
        BOUNDS);
  }

  void killAgent(String host) {
    killAgent(host, 100_000 + world.below(3_000_000));
  }

  private void killAgent(String host, int downMicros) {
    ModelAgent agent = agents.remove(host);
    if (agent != null) {
      agent.die();
      world.in(downMicros, downMicros, () -> startAgent(host));
    }
  }

  void goes(String host, Going.Cause cause) {
    ModelInstance instance = instance(host);
    if (instance.process != ModelInstance.Processes.UP || instance.frozen) {
      return;
    }
    world.trace(host + " database " + cause);
    int life = instance.life;
    switch (cause) {
      case DIED -> instance.orphan();
      case FROZEN -> instance.frozen = true;
      case STOPPING -> instance.orphan();
    }
    world.in(
        1_000,
        cause == Going.Cause.FROZEN ? 400_000 : 10_000,
        () -> {
          ModelAgent agent = agent(host);
          if (agent != null && instance.life == life) {
            agent.give(new RoleEvent.InstanceGoing(cause, "database " + cause, world.now()));
          }
        });
  }

  void killHost(String host) {
    instance(host).kill();
    killAgent(host);
  }

  /// So long that others have to act.
  void loseHost(String host) {
    loseHost(host, 6_000_000);
  }

  void loseHost(String host, int downMicros) {
    instance(host).kill();
    killAgent(host, downMicros);
  }

  private void housekeeping() {
    world.in(
        20_000,
        400_000,
        () -> {
          instances.values().forEach(ModelInstance::housekeeping);
          housekeeping();
        });
  }

  // --- what a test waits for

  ServiceRecord record() {
    ServiceRecord record = coordination.record();
    if (record == null) {
      throw new Violation("there is no record");
    }
    return record;
  }

  boolean isHealthy() {
    ServiceRecord record = coordination.record();
    if (record == null || record.phase() != Phase.OPEN || record.move() != null) {
      return false;
    }
    ModelAgent home = agent(record.home());
    return home != null
        && home.state().role() instanceof Role.Serving
        && record.membersIn(MemberState.IN_SYNC).size() == hosts.size() - 1
        && hosts.stream().allMatch(this::isInPlace);
  }

  private boolean isInPlace(String host) {
    ModelAgent agent = agent(host);
    return agent != null
        && (agent.state().role() instanceof Role.Serving
            || agent.state().role() instanceof Role.InSync);
  }

  void await(String what, long boundMillis, BooleanSupplier reached) {
    for (long waited = 0; !reached.getAsBoolean(); waited += 50) {
      if (waited > boundMillis) {
        throw new Violation("not within %d ms: %s".formatted(boundMillis, what));
      }
      world.runFor(50);
    }
  }

  void awaitHealthy() {
    await("a home that serves, and every standby in sync", 60_000, this::isHealthy);
  }

  /// Every client gets on.
  void awaitProgress() {
    long before = progress;
    await("clients get on", 10_000, () -> progress > before + 30);
  }

  /// Clients finish what they have begun; then everything is compared.
  void finish() {
    cuts.clear();
    trouble = 0;
    failingSteps = 0;
    slowness = 0;
    crashBetweenCommands = 0;
    awaitHealthy();
    awaitProgress();
    await("no alarm stands", 10_000, () -> hosts.stream().noneMatch(this::hasAlarm));
    quiet = true;
    await("no client has anything open", 10_000, () -> hosts.stream().noneMatch(this::hasOpen));
    world.runFor(1_000);
    ledger.atEnd();
  }

  boolean stands(String host, Alarm alarm) {
    ModelAgent agent = agent(host);
    return agent != null && agent.state().alarms().containsKey(alarm);
  }

  ServiceRecord.Member member(String host) {
    return Objects.requireNonNull(record().members().get(host));
  }

  private boolean hasAlarm(String host) {
    ModelAgent agent = agent(host);
    return agent != null && !agent.state().alarms().isEmpty();
  }

  private boolean hasOpen(String host) {
    return clients.getOrDefault(host, List.of()).stream().anyMatch(ModelClient::hasOpen);
  }
}
