package dev.baton.core.simulation;

import dev.baton.core.route.RouteState;
import org.jspecify.annotations.Nullable;

/// A client of one front, and what the front does for it: one transaction after the other; a commit
/// whose answer is missing is asked about, never guessed, and run again when it did not commit.
final class ModelClient {
  /// From the front to a backend; broken when the door closes, a process dies or a message is lost.
  static final class Stream {
    boolean broken;
  }

  private final Simulation simulation;
  private final World world;
  private final String front;
  private long transaction;
  private long epoch;
  private String home = "";
  private boolean asking;
  private int asks;
  private @Nullable Stream stream;
  private @Nullable ModelAgent agent;

  ModelClient(Simulation simulation, String front) {
    this.simulation = simulation;
    this.world = simulation.world;
    this.front = front;
    world.in(0, 200_000, this::step);
  }

  boolean isInTransaction() {
    return transaction != 0 && stream != null && !stream.broken;
  }

  boolean hasOpen() {
    return transaction != 0;
  }

  private void step() {
    world.in(5_000, 60_000, this::step);
    ModelAgent now = simulation.agent(front);
    if (now == null || now != agent) {
      // its front is gone, and with it what it knew: the client must check by itself
      agent = now;
      transaction = 0;
      stream = null;
      asking = false;
      return;
    }
    if (now.isPaused()) {
      return;
    }
    RouteState route = now.route();
    if (transaction == 0) {
      if (route instanceof RouteState.Open open && !simulation.quiet) {
        transaction = simulation.nextTransaction();
        send(open);
      }
    } else if (stream == null || stream.broken) {
      if (route instanceof RouteState.Open open && !asking) {
        ask(open);
      }
    }
  }

  private void send(RouteState.Open open) {
    Stream mine = new Stream();
    stream = mine;
    epoch = open.epoch();
    home = open.home();
    long of = transaction;
    long inEpoch = epoch;
    String at = home;
    simulation.carry(
        front,
        at,
        () -> {
          ModelAgent agentOfHome = simulation.agent(at);
          if (agentOfHome == null || !agentOfHome.admits(inEpoch, mine)) {
            mine.broken = true;
            return;
          }
          ModelInstance instance = simulation.instance(at);
          instance.submit(of, () -> answer(mine, of, inEpoch, at, agentOfHome));
        },
        () -> mine.broken = true);
  }

  private void answer(Stream mine, long of, long inEpoch, String at, ModelAgent agentOfHome) {
    if (mine.broken || !agentOfHome.isAlive()) {
      return;
    }
    if (agentOfHome.isPaused()) {
      world.in(20_000, 30_000, () -> answer(mine, of, inEpoch, at, agentOfHome));
      return;
    }
    if (!agentOfHome.passes()) {
      mine.broken = true;
      return;
    }
    simulation.carry(at, front, () -> received(mine, of, inEpoch, at), () -> mine.broken = true);
  }

  private void received(Stream mine, long of, long inEpoch, String at) {
    if (mine.broken || transaction != of || stream != mine) {
      return;
    }
    ModelAgent now = simulation.agent(front);
    if (now != null && now.isPaused()) {
      world.in(20_000, 30_000, () -> received(mine, of, inEpoch, at));
    } else if (agentIsSame()) {
      simulation.ledger.acknowledge(of, inEpoch, at);
      if (world.chance(0.1)) {
        simulation.ledger.shown(simulation.instance(at));
      }
      transaction = 0;
    }
  }

  private boolean agentIsSame() {
    ModelAgent now = simulation.agent(front);
    return now != null && now == agent && !now.isPaused();
  }

  private void ask(RouteState.Open open) {
    asking = true;
    int ask = ++asks;
    long of = transaction;
    String at = open.home();
    Runnable failed =
        () -> {
          if (ask == asks) {
            asking = false;
          }
        };
    world.in(400_000, 500_000, failed);
    simulation.carry(
        front,
        at,
        () -> {
          ModelAgent agentOfHome = simulation.agent(at);
          if (agentOfHome == null || !agentOfHome.admits(open.epoch(), new Stream())) {
            failed.run();
            return;
          }
          ModelInstance instance = simulation.instance(at);
          Runnable committed = () -> told(ask, of, open, true);
          Runnable not = () -> told(ask, of, open, false);
          if (open.epoch() == epoch && at.equals(home)) {
            instance.endAndAsk(of, committed, not);
          } else if (instance.count(of) > 0) {
            committed.run();
          } else {
            not.run();
          }
        },
        failed);
  }

  private void told(int ask, long of, RouteState.Open open, boolean committed) {
    simulation.carry(
        open.home(),
        front,
        () -> {
          if (ask != asks || transaction != of || !agentIsSame()) {
            return;
          }
          asking = false;
          asks++;
          if (committed) {
            simulation.ledger.acknowledge(of, open.epoch(), open.home());
            transaction = 0;
          } else {
            send(open);
          }
        },
        () -> {});
  }
}
