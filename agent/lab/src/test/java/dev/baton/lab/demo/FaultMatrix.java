package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// What is done to a cluster, and when: each fault while nothing else happens, while a switchover
/// runs, while a failover runs, and while the old home rejoins.
final class FaultMatrix {
  /// Clients come through the host that nothing is done to, else through both databases' hosts.
  private static final String GATEWAY = "w";

  /// On the home unless a host is named; a is home at the beginning.
  private static final List<String> FAULTS =
      List.of(
          "kill-agent",
          "kill-agent:b",
          "kill-agent:a + kill-agent:b",
          "pause-agent",
          "freeze-agent",
          "freeze-agent:b",
          "kill-database",
          "kill-database:b",
          "kill-database:a + kill-database:b",
          "freeze-database",
          "kill-host",
          "kill-host:b",
          "freeze-host",
          "kill-voter:a",
          "kill-voter:b",
          "lose-coordination",
          "cut-peer",
          "cut-peers",
          "cut-peers:b",
          "cut-to-peers",
          "cut-from-peers",
          "cut-to-peers:b",
          "cut-from-peers:b",
          "cut-coordination",
          "cut-coordination:b",
          "isolate-host",
          "isolate-host:b");

  /// A moment in a cluster's life at which a fault strikes.
  enum When {
    STEADY("", 0, 0),
    SWITCHOVER("switchover", 0, 400),
    FAILOVER("kill-database:a", 0, 400),
    REJOIN("kill-database:a", 500, 5_000);

    private final String first;
    private final int fromMillis;
    private final int toMillis;

    When(String first, int fromMillis, int toMillis) {
      this.first = first;
      this.fromMillis = fromMillis;
      this.toMillis = toMillis;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param through where clients connect
  record Cell(String fault, When when, String through) {
    private static final double BEGIN_SECONDS = 3;

    /// Until the longest fault is over and what it broke is whole again, with clients all the
    /// while.
    private static final int SECONDS = 26;

    String name() {
      return fault + " / " + when + " / through " + through;
    }

    int seconds() {
      return SECONDS;
    }

    List<FaultOrder> orders(RandomGenerator random) {
      List<FaultOrder> orders = new ArrayList<>();
      if (!when.first.isEmpty()) {
        orders.add(FaultOrder.parse(when.first + "@" + BEGIN_SECONDS));
      }
      int offset = when.fromMillis + random.nextInt(when.toMillis - when.fromMillis + 1);
      for (String one : fault.split(" \\+ ", -1)) {
        orders.add(FaultOrder.parse(one + "@" + (BEGIN_SECONDS + offset / 1_000.0)));
      }
      return orders;
    }
  }

  private FaultMatrix() {}

  static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (When when : When.values()) {
      FAULTS.forEach(fault -> cells.add(new Cell(fault, when, GATEWAY)));
    }
    for (String fault : List.of("cut-clients", "isolate-host", "cut-peer", "freeze-database")) {
      cells.add(new Cell(fault, When.STEADY, "a"));
    }
    for (String fault : List.of("kill-host", "freeze-agent", "freeze-host")) {
      cells.add(new Cell(fault, When.STEADY, "a,b"));
    }
    return cells;
  }
}
