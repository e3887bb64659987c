package dev.baton.console.fake;

import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.Movability;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A cluster of many hosts and sessions for measurements: every value changes at every look.
public final class LargeCluster {
  private static final int SESSIONS_CHANGED = 500;
  private static final String HOME = "h0";
  private static final String STANDBY = "h1";

  private final int hosts;
  private final int sessions;
  private long sequence;
  private int turn;

  public LargeCluster(int hosts, int sessions) {
    this.hosts = hosts;
    this.sessions = sessions;
  }

  /// @param measuredSecondsAgo before the past that is told next: samples must not go back in time
  public synchronized StreamMessage snapshot(int measuredSecondsAgo) {
    Instant now = Instant.now();
    return message(true, sessions, now.minusSeconds(measuredSecondsAgo), now);
  }

  /// All hosts anew, and some of the sessions.
  public synchronized StreamMessage delta() {
    return message(false, SESSIONS_CHANGED, Instant.now(), Instant.now());
  }

  /// What was measured some time ago and is told only now: fills the history.
  public synchronized StreamMessage past(int secondsAgo) {
    Instant now = Instant.now();
    return message(false, 0, now.minusSeconds(secondsAgo), now);
  }

  private StreamMessage message(boolean snapshot, int rows, Instant measured, Instant now) {
    sequence++;
    turn++;
    return new StreamMessage(
        sequence,
        snapshot,
        status(measured),
        List.of(positions(measured)),
        List.of(memory(measured)),
        rows == 0 ? null : sessions(rows, now),
        null,
        null,
        null,
        now);
  }

  private StatusView status(Instant at) {
    ServiceView service =
        new ServiceView(
            "app",
            "postgres",
            HOME,
            7,
            "open",
            Durability.REPLICATION,
            List.of(
                new ServiceView.StandbyView(STANDBY, "in-sync", 3, 1_000L + turn % 999, 1.5, null)),
            true,
            null,
            sessions,
            20_000 + turn % 1_000,
            null,
            at);
    List<HostView> all = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      all.add(host(i, at));
    }
    return new StatusView(
        "large", HOME, "0.1.0", "connected", List.of(service), all, List.of(), at);
  }

  private HostView host(int number, Instant at) {
    double cpu = 50 + 40 * Math.sin((turn + 7.0 * number) / 30);
    String name = "h" + number;
    return new HostView(
        name,
        "up",
        "127.0.0.1:" + (10_000 + number),
        "http://127.0.0.1:1",
        number > 1
            ? List.of()
            : List.of(
                new HostView.InstanceView(
                    "app", number == 0 ? "primary" : "standby", "PostgreSQL 18.6", 6440, 1L)),
        new HostView.LoadView(
            cpu,
            cpu / 2,
            cpu / 3,
            8_000_000_000L + turn * 1_000L,
            64_000_000_000L,
            120_000_000,
            20_000 + turn,
            5_000_000 + turn * 100L,
            cpu / 20),
        null,
        sessions / hosts,
        at);
  }

  private PositionsView positions(Instant at) {
    LogPosition current = LogPosition.parse("0/3000060").plus(8_192L * turn);
    List<PositionsView.Rung> rungs = new ArrayList<>();
    String[] names = {"sent", "received", "in memory", "relayed", "flushed", "replayed"};
    for (int i = 0; i < names.length; i++) {
      long lag = i * (200L + turn % 50);
      rungs.add(new PositionsView.Rung(names[i], current.plus(-lag), lag, lag / 1_000.0));
    }
    return new PositionsView(
        "app",
        HOME,
        7,
        1,
        current,
        List.of(new PositionsView.StandbyPositions(STANDBY, rungs)),
        at);
  }

  private MemoryView memory(Instant at) {
    return new MemoryView(
        "app",
        STANDBY,
        3,
        184_220L + turn,
        184_105L + turn,
        12,
        103,
        21_400,
        812_000_000L,
        811_998_766L,
        0,
        1_234,
        61_204,
        22_634,
        4_100_000,
        256_000_000,
        0,
        LogPosition.parse("0/3000060"),
        List.of(),
        at);
  }

  private List<SessionView> sessions(int count, Instant now) {
    List<SessionView> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int number = (turn * SESSIONS_CHANGED + i) % sessions;
      rows.add(
          new SessionView(
              "h-" + number,
              "h" + number % hosts,
              "app",
              "10.0." + number / 250 + "." + number % 250 + ":50000",
              "user" + number % 40,
              "shop",
              "ledger",
              turn % 2 == 0 ? "active" : "idle",
              null,
              HOME,
              false,
              true,
              1_000L + turn,
              1,
              4_000 + number,
              number % 50 == 0
                  ? Movability.not("holds a temporary table", "drop it")
                  : Movability.MOVABLE,
              now,
              now));
    }
    return rows;
  }
}
