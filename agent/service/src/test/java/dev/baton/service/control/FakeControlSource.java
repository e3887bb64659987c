package dev.baton.service.control;

import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import dev.baton.model.Movability;
import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PlanView.Verdict;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.PositionsView.Rung;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cluster of two hosts, `a` (home) and `b` (standby, in sync), that does what a test tells it.
public final class FakeControlSource implements ControlSource {
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /// What was asked for, with the actor: `alice: plan app failover -> b`.
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /// Whose agent is asked.
  public volatile String host = "a";

  public volatile String coordination = "connected";
  public volatile String role = "primary";
  public volatile boolean serving = true;
  public volatile List<SessionView> sessions =
      List.of(
          session("w-1", "alice", "active", Movability.MOVABLE),
          session("w-2", "bob", "idle", Movability.MOVABLE),
          session(
              "w-3",
              "bob",
              "in transaction",
              Movability.not("holds a cursor WITH HOLD", "close the cursor, or end the session")));
  public volatile List<AlarmView> alarms = List.of();
  public volatile List<MoveView> moves = List.of(move(1, "done"));
  public volatile PlanView plan = plan(null, Verdict.PASS);

  /// Fails the next plan, move or disconnect.
  public volatile @Nullable RuntimeException refusal;

  /// Answers every question; a test makes it slow or failing.
  public volatile Supplier<CompletionStage<Void>> before =
      () -> CompletableFuture.completedStage(null);

  private final AtomicInteger looks = new AtomicInteger();
  private final PolicyDesk policies = new FakePolicyDesk(asked);

  @Override
  public PolicyDesk policies() {
    return policies;
  }

  public final FakeAuditDesk audit = new FakeAuditDesk();

  @Override
  public AuditDesk audit() {
    return audit;
  }

  public final FakeDrillDesk drills = new FakeDrillDesk(asked);

  @Override
  public DrillDesk drills() {
    return drills;
  }

  @Override
  public SeriesDesk series() {
    return new FakeSeriesDesk();
  }

  @Override
  public LocalState local() {
    return new LocalState(host, coordination, List.of(new LocalService("app", role, serving)));
  }

  private <T> CompletionStage<T> answer(Supplier<T> view) {
    looks.incrementAndGet();
    return before.get().thenApply(_ -> view.get());
  }

  /// Questions that were asked.
  int looks() {
    return looks.get();
  }

  @Override
  public CompletionStage<StatusView> status() {
    return answer(
        () ->
            new StatusView(
                "demo",
                "a",
                "0.1.0",
                coordination,
                List.of(service()),
                List.of(host("a"), host("b")),
                alarms,
                NOW));
  }

  @Override
  public CompletionStage<List<ServiceView>> services() {
    return answer(() -> List.of(service()));
  }

  @Override
  public CompletionStage<List<HostView>> hosts() {
    return answer(() -> List.of(host("a"), host("b")));
  }

  @Override
  public CompletionStage<List<SessionView>> sessions() {
    return answer(() -> sessions);
  }

  @Override
  public CompletionStage<List<PositionsView>> positions() {
    return answer(() -> List.of(positionsView()));
  }

  @Override
  public CompletionStage<List<MemoryView>> memory() {
    return answer(() -> List.of(memoryView()));
  }

  @Override
  public CompletionStage<List<MoveView>> moves() {
    return answer(() -> moves);
  }

  @Override
  public CompletionStage<PlanView> plan(PlanRequest request, String actor) {
    asked.add(
        "%s: plan %s %s -> %s (%s)"
            .formatted(
                actor, request.service(), request.kind(), request.target(), request.reason()));
    return refusing(() -> plan);
  }

  @Override
  public CompletionStage<MoveView> move(MoveRequest request, String actor) {
    asked.add(
        "%s: move %s confirmed %s (%s)"
            .formatted(actor, request.plan(), request.confirmation(), request.reason()));
    return refusing(
        () -> {
          List<MoveView> later = new ArrayList<>(moves);
          later.addFirst(move(7, "running"));
          moves = List.copyOf(later);
          return move(7, "running");
        });
  }

  @Override
  public CompletionStage<MoveView> acknowledge(MoveView move, String comment, String actor) {
    asked.add(actor + ": acknowledge " + move.id() + " (" + comment + ")");
    return refusing(
        () -> move.acknowledged(new MoveView.Acknowledgement(actor, comment, move.measuredAt())));
  }

  @Override
  public CompletionStage<Void> disconnect(String sessionId, String actor) {
    asked.add(actor + ": disconnect " + sessionId);
    return refusing(() -> null);
  }

  @SuppressWarnings("NullAway") // a Void has no value
  private <T> CompletionStage<T> refusing(Supplier<@Nullable T> answer) {
    RuntimeException failure = refusal;
    return failure != null
        ? CompletableFuture.failedStage(failure)
        : before.get().thenApply(_ -> answer.get());
  }

  public static ServiceView service() {
    return new ServiceView(
        "app",
        "postgresql",
        "a",
        3,
        "open",
        Durability.REPLICATION,
        List.of(new ServiceView.StandbyView("b", "in-sync", 5, 88L, 1.25, null)),
        true,
        null,
        3,
        2350.4,
        null,
        NOW);
  }

  public static HostView host(String name) {
    boolean home = name.equals("a");
    return new HostView(
        name,
        "up",
        "127.0.0.1:6432",
        "http://127.0.0.1:6434",
        List.of(
            new HostView.InstanceView("app", home ? "primary" : "standby", "18.1", 6440, 4711L)),
        new HostView.LoadView(
            41.5, 12.25, 8.5, 3L << 30, 8L << 30, 120L << 20, 1 << 20, 5 << 20, 1.7),
        new HostView.ConfigurationView("Linux 6.1", "x86", 2, 8L << 30, 40L << 30),
        home ? 3 : 0,
        NOW);
  }

  public static SessionView session(String id, String user, String state, Movability movability) {
    return new SessionView(
        id,
        "w",
        "app",
        "10.0.0.5:51234",
        user,
        "shop",
        "psql",
        state,
        state.equals("in transaction") ? 1234.5 : null,
        "a",
        false,
        state.equals("idle"),
        17,
        1,
        4712,
        movability,
        NOW.minusSeconds(90),
        NOW);
  }

  public static PositionsView positionsView() {
    return new PositionsView(
        "app",
        "a",
        3,
        2,
        LogPosition.of(0x1_0000_01F8L),
        List.of(
            new PositionsView.StandbyPositions(
                "b",
                List.of(
                    rung("sent", 0x1_0000_01F8L),
                    rung("received", 0x1_0000_01F8L),
                    rung("in memory", 0x1_0000_01F8L),
                    rung("relayed", 0x1_0000_01A0L),
                    rung("flushed", 0x1_0000_01A0L),
                    rung("replayed", 0x0_FFFF_F000L)))),
        NOW);
  }

  private static Rung rung(String name, long bits) {
    long lag = 0x1_0000_01F8L - bits;
    return new Rung(name, LogPosition.of(bits), lag, lag == 0 ? 0.0 : lag / 70.0);
  }

  public static MemoryView memoryView() {
    return new MemoryView(
        "app",
        "b",
        5,
        1_000,
        940,
        12,
        48,
        65_536,
        10L << 20,
        9L << 20,
        0,
        1L << 20,
        812,
        (1L << 20) + 65_536,
        4L << 20,
        256L << 20,
        0,
        LogPosition.of(0x1_0000_01F8L),
        List.of(
            new MemoryView.UncoveredView(
                12, 34, 2, 180, LogPosition.of(0x1_0000_01A0L), 7712L, 3.5)),
        NOW);
  }

  public static MoveView move(long id, String outcome) {
    return new MoveView(
        id,
        "app",
        MoveKind.SWITCHOVER,
        "maintenance of a",
        "alice",
        "a",
        "b",
        4,
        0,
        71.5,
        List.of(
            new MoveView.PhaseView(MovePhase.PLAN, 1.5),
            new MoveView.PhaseView(MovePhase.CATCH_UP, 20),
            new MoveView.PhaseView(MovePhase.OPEN_TARGET, 50)),
        16,
        4,
        9,
        2,
        0,
        outcome,
        null,
        NOW.minusSeconds(60),
        NOW);
  }

  public static PlanView plan(@Nullable String confirmation, Verdict replay) {
    return new PlanView(
        "p-1",
        confirmation == null ? MoveKind.SWITCHOVER : MoveKind.FAILOVER,
        "app",
        "a",
        "b",
        3,
        List.of(
            new PlanView.Guardrail(
                "standby in sync", "in-sync", "in-sync", Verdict.PASS, "b has all commits", ""),
            new PlanView.Guardrail(
                "replay lag",
                "88 bytes",
                "16777216 bytes",
                replay,
                "what is not replayed makes the take-over longer",
                "wait, or end the long query on b")),
        new PlanView.DataAtRisk(0, 0, 0, "every acknowledged commit is in the memory of b"),
        16,
        4,
        1,
        60.0,
        replay != Verdict.BLOCK,
        confirmation,
        NOW,
        NOW.plusSeconds(60));
  }
}
