package dev.baton.console.fake;

import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.Movability;
import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import dev.baton.model.MovePolicy;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.model.view.StreamMessage;
import dev.baton.model.view.WhyView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A cluster of hosts a, b (databases) and w (witness) with the service `app`, as an agent would
/// tell of it. Fields are set by tests; every message measures anew.
public final class PretendCluster {
  public String cluster = "shop";
  public String home = "a";
  public String standbyName = "b";
  public String standbyState = "in-sync";
  public boolean protectedNow = true;
  public @Nullable String unprotectedReason;
  public Durability durability = Durability.REPLICATION;
  public long epoch = 3;
  public LogPosition current = LogPosition.parse("0/3000060");
  public long replayLagBytes = 1_234;
  public double replayLagMillis = 2.5;
  public double tps = 1_840;
  public double cpu = 37;
  public int sessions = 24;

  /// Number of the first session; each has its own.
  public int firstSession = 1;

  public InstantSource clock = InstantSource.system();

  /// How far the agents' clock is ahead of that one.
  public Duration ahead = Duration.ZERO;

  public List<AlarmView> alarms = List.of();
  public @Nullable Long runningMove;
  public final List<MoveView> moves = new ArrayList<>();
  public MovePolicy policy = MovePolicy.DEFAULT;
  public final List<MaintenanceView> maintenance = new ArrayList<>();
  public List<PlanView.Guardrail> guardrails =
      List.of(
          new PlanView.Guardrail(
              "standby in sync",
              "in sync",
              "in sync",
              PlanView.Verdict.PASS,
              "the target has every acknowledged commit in memory",
              ""),
          new PlanView.Guardrail(
              "replay lag",
              "1.2 kB",
              "under 16 MB",
              PlanView.Verdict.PASS,
              "the target must replay it before it opens",
              ""),
          new PlanView.Guardrail(
              "load of target",
              "72 %",
              "under 70 %",
              PlanView.Verdict.WARN,
              "the target would carry all clients",
              "wait, or move other services away first"));
  private final Map<String, String> controlUrls;
  private long sequence;

  /// @param controlUrls control interface of each host
  public PretendCluster(Map<String, String> controlUrls) {
    this.controlUrls = controlUrls;
  }

  /// Changes fields while messages are made by another thread.
  public synchronized void change(Consumer<PretendCluster> change) {
    change.accept(this);
  }

  public String standby() {
    return home.equals("a") ? standbyName : "a";
  }

  public StreamMessage snapshot() {
    return message(true);
  }

  public StreamMessage delta() {
    return message(false);
  }

  private synchronized StreamMessage message(boolean snapshot) {
    Instant now = clock.instant().plus(ahead);
    sequence++;
    return new StreamMessage(
        sequence,
        snapshot,
        status(now),
        List.of(positions(now)),
        List.of(memory(now)),
        sessions(now),
        List.of(),
        List.copyOf(moves),
        rules(now),
        now);
  }

  private StatusView status(Instant now) {
    ServiceView service =
        new ServiceView(
            "app",
            "postgres",
            home,
            epoch,
            runningMove == null ? "open" : "held",
            durability,
            List.of(
                new ServiceView.StandbyView(
                    standby(), standbyState, 7, replayLagBytes, replayLagMillis, null)),
            protectedNow,
            unprotectedReason,
            sessions,
            tps,
            runningMove,
            now);
    return new StatusView(
        cluster,
        "a",
        "0.1.0",
        "connected",
        List.of(service),
        List.of(host("a", now), host(standbyName, now), host("w", now)),
        alarms,
        now);
  }

  private HostView host(String name, Instant now) {
    boolean data = !name.equals("w");
    List<HostView.InstanceView> instances =
        data
            ? List.of(
                new HostView.InstanceView(
                    "app",
                    name.equals(home) ? "primary" : "standby",
                    "PostgreSQL 18.6",
                    name.equals("a") ? 6440 : 6450,
                    4711L))
            : List.of();
    double load = name.equals(home) ? cpu : cpu / 4;
    return new HostView(
        name,
        "up",
        "127.0.0.1:6432",
        controlUrls.getOrDefault(name, "http://127.0.0.1:1"),
        instances,
        new HostView.LoadView(
            load,
            load / 2,
            load / 3,
            5_300_000_000L,
            16_000_000_000L,
            96_000_000,
            120_000,
            8_400_000,
            1.2),
        null,
        data ? sessions / 2 : sessions,
        now);
  }

  private PositionsView positions(Instant now) {
    List<PositionsView.Rung> rungs = new ArrayList<>();
    String[] names = {"sent", "received", "in memory", "relayed", "flushed", "replayed"};
    for (int i = 0; i < names.length; i++) {
      long lag = replayLagBytes * i / (names.length - 1);
      rungs.add(
          new PositionsView.Rung(
              names[i], current.plus(-lag), lag, replayLagMillis * i / (names.length - 1)));
    }
    return new PositionsView(
        "app",
        home,
        epoch,
        1,
        current,
        List.of(new PositionsView.StandbyPositions(standby(), rungs)),
        now);
  }

  /// What an agent answers to a change of policy: what it is from then on.
  public synchronized Object change(String service, PolicyRequest request) {
    Long seen = request.version();
    if (seen != null && seen != policy.version()) {
      return FakeAgent.problem(409, "changed", "the policy has version " + policy.version());
    }
    policy = request.applyTo(policy);
    return new PolicyView(service, policy, "operator", clock.instant());
  }

  /// As [#change], of maintenance.
  public synchronized Object announce(String host, MaintenanceRequest request) {
    Instant now = clock.instant();
    MaintenanceView announced =
        new MaintenanceView(
            host,
            1,
            request.from() == null ? now : request.from(),
            request.until(),
            request.why() == null ? "" : request.why(),
            "operator");
    maintenance.removeIf(each -> each.host().equals(host));
    if (!announced.isOverAt(now)) {
      maintenance.add(announced);
    }
    return announced;
  }

  private RulesView rules(Instant now) {
    return new RulesView(
        List.of(new PolicyView("app", policy, "operator", Instant.EPOCH)),
        List.copyOf(maintenance),
        List.of(
            new WhyView(
                "app",
                home,
                standby() + " would take over; no acknowledged commit would be lost",
                policy.mode(),
                "stay",
                "nothing calls for a move",
                List.of(),
                null,
                List.of(
                    new WhyView.ObstacleView(
                        "pause",
                        null,
                        "12 s since the last move",
                        "at least 600 s",
                        "wait, or move by hand")),
                now)));
  }

  private MemoryView memory(Instant now) {
    List<MemoryView.UncoveredView> uncovered =
        List.of(
            new MemoryView.UncoveredView(12, 88, 3, 412, current.plus(-300), 7_812L, 1.8),
            new MemoryView.UncoveredView(14, 9, 1, 96, current.plus(-120), null, 0.4));
    return new MemoryView(
        "app",
        standby(),
        7,
        184_220,
        184_105,
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
        current,
        uncovered,
        now);
  }

  private List<SessionView> sessions(Instant now) {
    List<SessionView> rows = new ArrayList<>();
    for (int i = firstSession; i < firstSession + sessions; i++) {
      boolean listens = i % 8 == 0;
      rows.add(
          new SessionView(
              "w-" + i,
              "w",
              "app",
              "10.0.0." + i + ":5" + (1000 + i),
              i % 3 == 0 ? "carol" : "alice",
              "shop",
              listens ? "psql" : "ledger",
              i % 4 == 0 ? "in transaction" : "active",
              i % 4 == 0 ? 12.5 * i : null,
              home,
              false,
              true,
              1_000L * i,
              1,
              4_000 + i,
              listens
                  ? Movability.not("holds a temporary table", "drop it, or end the session")
                  : Movability.MOVABLE,
              now.minusSeconds(600),
              now));
    }
    return rows;
  }

  public synchronized PlanView plan(PlanRequest request) {
    Instant now = clock.instant();
    boolean runnable = guardrails.stream().noneMatch(g -> g.verdict() == PlanView.Verdict.BLOCK);
    MoveKind kind = request.kind() == null ? MoveKind.SWITCHOVER : request.kind();
    return new PlanView(
        "plan-1",
        kind,
        "app",
        home,
        standby(),
        epoch,
        guardrails,
        new PlanView.DataAtRisk(0, 0, 0, "every acknowledged commit is in b's memory"),
        sessions,
        6,
        3,
        42.0,
        runnable,
        kind == MoveKind.FAILOVER ? standby() : null,
        now,
        now.plus(Duration.ofSeconds(30)));
  }

  /// A move that runs or has ended, with the phases so far.
  public MoveView move(long id, String outcome, int phasesSoFar) {
    Instant now = clock.instant();
    List<MoveView.PhaseView> phases = new ArrayList<>();
    for (MovePhase phase : EnumSet.allOf(MovePhase.class)) {
      if (phases.size() < phasesSoFar) {
        phases.add(new MoveView.PhaseView(phase, 3.5 + 4 * phases.size()));
      }
    }
    double total = phases.stream().mapToDouble(MoveView.PhaseView::millis).sum();
    boolean done = outcome.equals("done");
    return new MoveView(
        id,
        "app",
        MoveKind.SWITCHOVER,
        "by hand",
        "operator",
        "a",
        "b",
        4,
        0,
        total,
        phases,
        phasesSoFar > 2 ? 24 : 0,
        done ? 6 : 0,
        done ? 19 : 0,
        done ? 24 : 0,
        0,
        outcome,
        done ? "all clients went on" : null,
        now,
        now);
  }
}
