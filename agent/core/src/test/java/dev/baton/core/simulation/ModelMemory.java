package dev.baton.core.simulation;

import dev.baton.core.cluster.RoleEvent;
import java.util.ArrayList;
import java.util.List;

/// The log in an agent's memory: received from the home, acknowledged to it, relayed to the local
/// instance. Lost with the agent.
final class ModelMemory {
  private static final int NEAR = 20;

  private final Simulation simulation;
  private final World world;
  private final ModelAgent agent;
  private final List<Long> entries = new ArrayList<>();
  private int start;
  private int stream;
  private boolean receiving;
  private boolean connected; // a stream that stands is never short of log
  private long epoch;
  private String home = "";

  ModelMemory(Simulation simulation, ModelAgent agent) {
    this.simulation = simulation;
    this.world = simulation.world;
    this.agent = agent;
    relay();
  }

  int end() {
    return Math.max(start + entries.size(), instance().end());
  }

  List<Long> wholeLog() {
    List<Long> whole = instance().slice(0, Math.min(instance().end(), start));
    whole.addAll(entries);
    return whole;
  }

  void begin(long ofEpoch, String ofHome, int from) {
    stop();
    entries.clear();
    start = from;
    goOn(ofEpoch, ofHome);
  }

  void goOn(long ofEpoch, String ofHome) {
    disconnect();
    stream++;
    receiving = true;
    connected = false;
    epoch = ofEpoch;
    home = ofHome;
    pump(stream);
  }

  void stop() {
    if (simulation.sabotage == Sabotage.KEEP_RECEIVING && agent.isAlive()) {
      return;
    }
    disconnect();
    receiving = false;
    stream++;
  }

  private void disconnect() {
    if (!home.isEmpty()) {
      simulation.instance(home).streamEnded(agent.host);
    }
  }

  private boolean isConnected() {
    ModelAgent source = simulation.agent(home);
    return receiving
        && source != null
        && source.admitsStandby(epoch)
        && simulation.linked(home, agent.host)
        && simulation.linked(agent.host, home);
  }

  /// Now and then a disk or a network is slow.
  private long slowest(long usualMicros) {
    return world.chance(simulation.slowness) ? 400_000 : usualMicros;
  }

  private void pump(int mine) {
    world.in(
        300,
        slowest(2_500),
        () -> {
          if (mine != stream || !agent.isAlive()) {
            return;
          }
          if (!agent.isPaused()) {
            if (isConnected()) {
              receive(mine);
            } else {
              disconnect();
              connected = false;
            }
          }
          pump(mine);
        });
  }

  private void receive(int mine) {
    ModelInstance source = simulation.instance(home);
    int next = start + entries.size();
    boolean removed = !connected && source.end() - next > Simulation.LOG_KEPT;
    connected = true;
    if (source.end() < next || removed || world.chance(simulation.trouble / 500)) {
      agent.give(new RoleEvent.LogGone("the home has no log at " + next));
      return;
    }
    List<Long> chunk = source.slice(next, source.end());
    int life = source.life;
    world.in(
        100,
        1_500,
        () -> {
          if (mine != stream || !agent.isAlive() || start + entries.size() != next) {
            return;
          }
          entries.addAll(chunk);
          int has = start + entries.size();
          world.in(
              100,
              1_500,
              () -> {
                if (mine == stream && source.life == life && isConnected()) {
                  source.flushed(agent.host, has);
                }
              });
        });
  }

  private void relay() {
    world.in(
        500,
        slowest(8_000),
        () -> {
          if (!agent.isAlive()) {
            return;
          }
          ModelInstance instance = instance();
          int at = instance.end();
          if (!agent.isPaused()
              && instance.runs()
              && instance.standby
              && at >= start
              && at < start + entries.size()) {
            int until = Math.min(start + entries.size(), at + 1 + world.below(50));
            for (int i = at; i < until; i++) {
              instance.append(entries.get(i - start));
            }
          }
          relay();
        });
  }

  void seed(long ticket, long fromEpoch, String fromHome) {
    ModelAgent source = simulation.agent(fromHome);
    if (source == null
        || !source.admitsStandby(fromEpoch)
        || !simulation.linked(agent.host, fromHome)) {
      world.in(1_000, 5_000, () -> agent.give(new RoleEvent.StepFailed(ticket, "no way to copy")));
      return;
    }
    instance().beginCopy();
    int life = instance().life;
    ModelInstance from = simulation.instance(fromHome);
    int fromLife = from.life;
    world.in(
        50_000,
        400_000,
        () -> {
          if (instance().life != life) {
            agent.give(new RoleEvent.StepFailed(ticket, "the copy was broken off"));
            return;
          }
          if (!agent.isAlive()) {
            return;
          }
          if (from.life != fromLife || !source.admitsStandby(fromEpoch)) {
            agent.give(new RoleEvent.StepFailed(ticket, "the copy broke off"));
            return;
          }
          int until = from.end();
          instance().replaceBy(from.slice(0, until));
          agent.give(new RoleEvent.InstanceSeeded(ticket, ModelAgent.position(until)));
        });
  }

  void awaitCaughtUp(long ticket) {
    await(
        () -> isConnected() && simulation.instance(home).end() - start - entries.size() <= NEAR,
        new RoleEvent.CaughtUp(ticket));
  }

  void awaitInMemory(long ticket, int position) {
    await(() -> start + entries.size() >= position, new RoleEvent.InMemory(ticket));
  }

  void awaitFlushed(long ticket, int position) {
    await(() -> instance().end() >= position, new RoleEvent.Flushed(ticket));
  }

  private void await(java.util.function.BooleanSupplier reached, RoleEvent event) {
    world.in(
        200,
        3_000,
        () -> {
          if (agent.isAlive()) {
            if (reached.getAsBoolean()) {
              agent.give(event);
            } else {
              await(reached, event);
            }
          }
        });
  }

  private ModelInstance instance() {
    return simulation.instance(agent.host);
  }
}
