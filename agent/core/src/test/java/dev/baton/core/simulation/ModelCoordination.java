package dev.baton.core.simulation;

import dev.baton.core.cluster.Coordination.Connection;
import dev.baton.core.cluster.RoleCommand;
import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.Phase;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One record. A write may be done without an answer, not done without an answer, or done late.
final class ModelCoordination {
  private final Simulation simulation;
  private final World world;
  private final Map<String, Boolean> cut = new TreeMap<>();
  private @Nullable ServiceRecord record;

  ModelCoordination(Simulation simulation) {
    this.simulation = simulation;
    this.world = simulation.world;
  }

  @Nullable ServiceRecord record() {
    return record;
  }

  boolean connected(String host) {
    return !cut.getOrDefault(host, false);
  }

  void cut(String host, boolean now) {
    cut.put(host, now);
    ModelAgent agent = simulation.agent(host);
    if (agent != null) {
      agent.give(
          new RoleEvent.ConnectionChanged(now ? Connection.SUSPENDED : Connection.CONNECTED));
    }
  }

  void write(ModelAgent agent, RoleCommand.Write write) {
    world.in(
        500,
        6_000,
        () -> {
          double fate = world.chance(simulation.trouble) ? 0.1 : 1;
          if (!connected(agent.host)) {
            answer(agent, write.ticket());
          } else if (fate == 1) {
            apply(write);
            answer(agent, write.ticket());
          } else {
            uncertain(agent, write);
          }
        });
  }

  private void uncertain(ModelAgent agent, RoleCommand.Write write) {
    switch (world.below(3)) {
      case 0 -> apply(write);
      case 1 -> world.in(10_000, 1_500_000, () -> apply(write));
      default -> {
        // never reaches the service
      }
    }
    world.in(20_000, 800_000, () -> answer(agent, write.ticket()));
  }

  private void answer(ModelAgent agent, long ticket) {
    if (!connected(agent.host)) {
      world.in(50_000, 60_000, () -> answer(agent, ticket));
      return;
    }
    ServiceRecord present = record;
    world.in(
        200,
        4_000,
        () -> {
          agent.give(new RoleEvent.RecordSeen(present));
          agent.give(new RoleEvent.WriteEnded(ticket));
        });
  }

  void read(ModelAgent agent) {
    world.in(
        300,
        3_000,
        () -> {
          ServiceRecord present = record;
          if (connected(agent.host)) {
            world.in(200, 3_000, () -> agent.give(new RoleEvent.RecordSeen(present)));
          }
        });
  }

  private void apply(RoleCommand.Write write) {
    ServiceRecord before = record;
    int version = before == null ? 0 : before.version();
    if (version != write.expectedVersion()) {
      return;
    }
    ServiceRecord after = write.record().withVersion(version + 1);
    record = after;
    world.trace("record " + after);
    if (before != null) {
      simulation.ledger.recordChanged(before, after);
    }
    if (after.phase() == Phase.OPEN && (before == null || before.phase() != Phase.OPEN)) {
      simulation.ledger.opened(after);
    }
    simulation.hosts.forEach(
        host ->
            world.in(
                500,
                30_000,
                () -> {
                  ModelAgent agent = simulation.agent(host);
                  if (agent != null && connected(host)) {
                    agent.give(new RoleEvent.RecordSeen(record));
                  }
                }));
  }
}
