package dev.baton.core.simulation;

import dev.baton.core.cluster.RoleEvent;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.MoveOrder;
import dev.baton.core.move.MoveReason;
import dev.baton.core.move.PlanBinding;
import dev.baton.model.MoveKind;
import java.util.TreeSet;

/// What happens to a cluster, by chance.
final class Faults {
  private final Simulation simulation;
  private final World world;
  private int orders;

  Faults(Simulation simulation) {
    this.simulation = simulation;
    this.world = simulation.world;
  }

  void one() {
    String host = any();
    String other = any();
    String home = simulation.record().home();
    switch (world.below(18)) {
      case 0 -> simulation.goes(home, Going.Cause.DIED);
      case 1 -> simulation.goes(home, Going.Cause.FROZEN);
      case 2 -> simulation.goes(home, Going.Cause.STOPPING);
      case 3 -> simulation.goes(host, Going.Cause.DIED);
      case 4 -> simulation.killAgent(host);
      case 5 -> simulation.killAgent(home);
      case 6 -> simulation.killHost(home);
      case 7 -> cut(host, other, true);
      case 8 -> cut(host, other, false);
      case 9 -> loseCoordination(host);
      case 10 -> simulation.hosts.forEach(this::loseCoordination);
      case 11 -> pause(host);
      case 12 -> order(host, MoveKind.SWITCHOVER, false);
      case 13 -> order(host, MoveKind.SWITCHOVER, false);
      case 14 -> order(host, MoveKind.FAILOVER, true);
      case 15 -> order(other, MoveKind.FAILOVER, true);
      case 16 -> restartAll();
      default -> {
        order(host, MoveKind.SWITCHOVER, false);
        order(other, MoveKind.SWITCHOVER, false);
      }
    }
  }

  /// Only what strikes the home, so that little heals in between.
  void oneAtTheHome() {
    String home = simulation.record().home();
    String other = any();
    switch (world.below(8)) {
      case 0 -> simulation.goes(home, Going.Cause.DIED);
      case 1 -> simulation.goes(home, Going.Cause.FROZEN);
      case 2 -> simulation.killAgent(home);
      case 3 -> simulation.killHost(home);
      case 4 -> cut(home, other, true);
      case 5 -> loseCoordination(home);
      case 6 -> {
        loseCoordination(home);
        order(other, MoveKind.FAILOVER, true);
      }
      default -> order(other, MoveKind.FAILOVER, true);
    }
  }

  private String any() {
    return simulation.hosts.get(world.below(simulation.hosts.size()));
  }

  private void cut(String host, String other, boolean bothWays) {
    if (host.equals(other)) {
      return;
    }
    world.trace("cut " + host + other);
    simulation.cut(host, other, true);
    simulation.cut(other, host, bothWays);
    world.in(
        50_000,
        3_000_000,
        () -> {
          simulation.cut(host, other, false);
          simulation.cut(other, host, false);
        });
  }

  /// Every agent ends at about the same time and comes back; what ran goes on running, or was
  /// stopped with its agent.
  void restartAll() {
    world.trace("every agent restarts");
    boolean stopped = world.chance(0.5);
    for (String host : simulation.hosts) {
      world.in(
          0,
          100_000,
          () -> {
            if (stopped) {
              simulation.killHost(host);
            } else {
              simulation.killAgent(host);
            }
          });
    }
  }

  private void loseCoordination(String host) {
    world.trace(host + " loses coordination");
    simulation.coordination.cut(host, true);
    world.in(50_000, 4_000_000, () -> simulation.coordination.cut(host, false));
  }

  private void pause(String host) {
    ModelAgent agent = simulation.agent(host);
    if (agent != null) {
      world.trace(host + " agent is paused");
      agent.pause(true);
      world.in(20_000, 4_000_000, () -> agent.pause(false));
    }
  }

  void order(String target, MoveKind kind, boolean forced) {
    ModelAgent agent = simulation.agent(target);
    if (agent == null || (forced && !(agent.state().role() instanceof Role.InSync))) {
      return;
    }
    ServiceRecord record = simulation.record();
    world.trace("order %s to %s".formatted(kind, target));
    agent.give(
        new RoleEvent.Ordered(
            new MoveOrder(
                "plan-" + ++orders,
                kind,
                new PlanBinding(
                    record.epoch(), record.contentVersion(), record.membersIn(MemberState.IN_SYNC)),
                new MoveReason(MoveReason.Kind.OPERATOR, "asked for", "operator"),
                forced,
                new TreeSet<>(simulation.hosts))));
  }
}
