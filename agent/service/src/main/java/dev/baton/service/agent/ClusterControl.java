package dev.baton.service.agent;

import dev.baton.core.cluster.Coordination;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.move.MoveOrder;
import dev.baton.core.move.MoveReason;
import dev.baton.core.move.PlanBinding;
import dev.baton.core.move.PlanBuilder;
import dev.baton.core.move.PlanFacts;
import dev.baton.core.move.PlanLimits;
import dev.baton.model.Json;
import dev.baton.model.MoveKind;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import dev.baton.service.agent.ServiceUnit.OrderAnswer;
import dev.baton.service.control.AuditDesk;
import dev.baton.service.control.ControlSource;
import dev.baton.service.control.DrillDesk;
import dev.baton.service.control.PolicyDesk;
import dev.baton.service.control.Refused;
import dev.baton.service.control.SeriesDesk;
import dev.baton.service.views.ClusterViews;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What operators see and do, at any agent: views put together from all agents, plans made of them,
/// and orders sent to the agent of the target.
final class ClusterControl implements ControlSource {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterControl.class);
  private static final String DISCONNECT = "disconnect";
  private static final int MAX_PLANS = 100;

  private final String host;
  private final Coordination coordination;
  private final Peers peers;
  private final List<ServiceUnit> units;
  private final ClusterViews views;
  private final Planner planner;
  private final PolicyDesk policies;
  private final Acknowledgements acknowledgements;
  private final AuditDesk audit;
  private final SeriesDesk series;
  private final DrillDesk drills;
  private final Map<String, Planned> plans =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Planned> eldest) {
          return size() > MAX_PLANS;
        }
      };

  private record Planned(PlanView view, PlanBinding binding, MoveReason reason, boolean forced) {}

  ClusterControl(
      String host,
      Coordination coordination,
      Peers peers,
      List<ServiceUnit> units,
      ClusterViews views,
      PolicyDesk policies,
      Acknowledgements acknowledgements,
      AuditDesk audit,
      SeriesDesk series,
      DrillDesk drills) {
    this.drills = drills;
    this.audit = audit;
    this.series = series;
    this.acknowledgements = acknowledgements;
    this.host = host;
    this.coordination = coordination;
    this.peers = peers;
    this.units = units;
    this.views = views;
    this.planner = new Planner(views);
    this.policies = policies;
    for (ServiceUnit unit : units) {
      peers.handle(
          orderMethod(unit.settings().service()),
          (from, body) ->
              unit.order(Json.MAPPER.readValue(body, MoveOrder.class))
                  .thenApply(Json.MAPPER::writeValueAsString));
    }
    peers.handle(
        DISCONNECT,
        (from, body) -> CompletableFuture.completedStage(String.valueOf(disconnectHere(body))));
  }

  private static String orderMethod(String service) {
    return "order/" + service;
  }

  @Override
  public LocalState local() {
    return new LocalState(
        host,
        coordination.connection().name().toLowerCase(java.util.Locale.ROOT),
        units.stream()
            .map(
                unit -> {
                  String role = OwnViews.role(unit.state().role());
                  return new LocalService(
                      unit.settings().service(),
                      switch (role) {
                        case "home" -> "primary";
                        default -> role;
                      },
                      role.equals("home"));
                })
            .toList());
  }

  @Override
  public CompletionStage<StatusView> status() {
    return CompletableFuture.completedStage(views.status(Instant.now()));
  }

  @Override
  public CompletionStage<List<ServiceView>> services() {
    return CompletableFuture.completedStage(views.services(Instant.now()));
  }

  @Override
  public CompletionStage<List<HostView>> hosts() {
    return CompletableFuture.completedStage(views.hosts(Instant.now()));
  }

  @Override
  public CompletionStage<List<SessionView>> sessions() {
    return CompletableFuture.completedStage(views.sessions());
  }

  @Override
  public CompletionStage<List<PositionsView>> positions() {
    return CompletableFuture.completedStage(views.positions(Instant.now()));
  }

  @Override
  public CompletionStage<List<MemoryView>> memory() {
    return CompletableFuture.completedStage(views.memory());
  }

  @Override
  public CompletionStage<List<MoveView>> moves() {
    return CompletableFuture.completedStage(views.moves());
  }

  @Override
  public PolicyDesk policies() {
    return policies;
  }

  @Override
  public DrillDesk drills() {
    return drills;
  }

  @Override
  public SeriesDesk series() {
    return series;
  }

  @Override
  public AuditDesk audit() {
    return audit;
  }

  @Override
  public CompletionStage<PlanView> plan(PlanRequest request, String actor) {
    return plan(request, MoveReason.Kind.OPERATOR, actor);
  }

  /// A switchover ordered by a policy: planned like an operator's, and held up by the same
  /// guardrails.
  CompletionStage<MoveView> moveByPolicy(
      String service, String target, String reason, String actor) {
    return plan(
            new PlanRequest(service, MoveKind.SWITCHOVER, target, reason),
            MoveReason.Kind.POLICY,
            actor)
        .thenCompose(plan -> move(new MoveRequest(plan.id(), null, null), actor));
  }

  private CompletionStage<PlanView> plan(PlanRequest request, MoveReason.Kind kind, String actor) {
    try {
      ServiceUnit unit = unit(request.service());
      ServiceRecord record = record(unit);
      PlanFacts facts =
          planner.facts(request, record, binding(record), connection(), Instant.now());
      PlanView view = PlanBuilder.build(facts, PlanLimits.DEFAULT);
      MoveReason reason =
          new MoveReason(
              kind, Objects.requireNonNullElse(request.reason(), "ordered by an operator"), actor);
      synchronized (plans) {
        plans.put(
            view.id(), new Planned(view, facts.binding(), reason, PlanBuilder.isForced(facts)));
      }
      return CompletableFuture.completedStage(view);
    } catch (Refused e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private PlanFacts.Coordinated connection() {
    return switch (coordination.connection()) {
      case CONNECTED -> PlanFacts.Coordinated.CONNECTED;
      case SUSPENDED -> PlanFacts.Coordinated.SUSPENDED;
      case LOST -> PlanFacts.Coordinated.LOST;
    };
  }

  private static PlanBinding binding(ServiceRecord record) {
    return new PlanBinding(
        record.epoch(), record.contentVersion(), record.membersIn(MemberState.IN_SYNC));
  }

  private ServiceUnit unit(String service) {
    return units.stream()
        .filter(unit -> unit.settings().service().equals(service))
        .findFirst()
        .orElseThrow(
            () ->
                Refused.notFound(
                    "there is no service '"
                        + service
                        + "'; there are "
                        + units.stream().map(unit -> unit.settings().service()).toList()));
  }

  private static ServiceRecord record(ServiceUnit unit) {
    ServiceRecord record = unit.state().record();
    if (record == null) {
      throw Refused.unavailable(
          "this agent has not seen the record of "
              + unit.settings().service()
              + " yet; try again when coordination answers");
    }
    return record;
  }

  @Override
  public CompletionStage<MoveView> move(MoveRequest request, String actor) {
    try {
      Planned planned = checked(request);
      MoveOrder order =
          new MoveOrder(
              UUID.randomUUID().toString(),
              planned.view().kind(),
              planned.binding(),
              reason(planned, request, actor),
              planned.forced(),
              fronts());
      return send(planned.view(), order).thenApply(answer -> begun(planned.view(), order, answer));
    } catch (Refused e) {
      LOG.info("move refused: {}", e.getMessage());
      return CompletableFuture.failedStage(e);
    }
  }

  private Planned checked(MoveRequest request) {
    Planned planned;
    synchronized (plans) {
      planned = plans.get(request.plan());
    }
    if (planned == null || planned.view().expiresAt().isBefore(Instant.now())) {
      throw Refused.notFound(
          "there is no plan '" + request.plan() + "', or it has expired; make a new one");
    }
    PlanView view = planned.view();
    if (!view.runnable()) {
      throw Refused.blocked("a guardrail of the plan blocks; see its remedies and plan again");
    }
    String changed = PlanBuilder.changed(planned.binding(), binding(record(unit(view.service()))));
    if (changed != null) {
      throw Refused.changed(changed + "; look at a new plan");
    }
    if (view.confirmation() != null && !view.confirmation().equals(request.confirmation())) {
      throw Refused.unconfirmed(
          "type the target's name, '" + view.confirmation() + "', to force this failover");
    }
    return planned;
  }

  private static MoveReason reason(Planned planned, MoveRequest request, String actor) {
    return request.reason() == null || request.reason().isBlank()
        ? planned.reason()
        : new MoveReason(MoveReason.Kind.OPERATOR, request.reason(), actor);
  }

  private SortedSet<String> fronts() {
    SortedSet<String> fronts = new TreeSet<>(peers.connected());
    fronts.add(host);
    return fronts;
  }

  private CompletionStage<OrderAnswer> send(PlanView plan, MoveOrder order) {
    if (plan.target().equals(host)) {
      return unit(plan.service()).order(order);
    }
    return peers
        .ask(plan.target(), orderMethod(plan.service()), Json.MAPPER.writeValueAsString(order))
        .thenApply(body -> Json.MAPPER.readValue(body, OrderAnswer.class));
  }

  private static MoveView begun(PlanView plan, MoveOrder order, OrderAnswer answer) {
    if (answer.moveId() == 0) {
      throw Refused.blocked(answer.explanation());
    }
    Instant now = Instant.now();
    return new MoveView(
        answer.moveId(),
        plan.service(),
        plan.kind(),
        order.reason().explanation(),
        order.reason().actor(),
        plan.source(),
        plan.target(),
        plan.epoch() + 1,
        0,
        0,
        List.of(),
        0,
        0,
        0,
        0,
        0,
        "running",
        answer.explanation(),
        now,
        now);
  }

  @Override
  public CompletionStage<MoveView> acknowledge(MoveView move, String comment, String actor) {
    return acknowledgements.acknowledge(move, comment, actor);
  }

  @Override
  public CompletionStage<Void> disconnect(String sessionId, String actor) {
    LOG.info("actor={} disconnects session={}", actor, sessionId);
    int dash = sessionId.lastIndexOf('-');
    String front = dash < 0 ? "" : sessionId.substring(0, dash);
    CompletionStage<String> done =
        front.equals(host) || front.isEmpty()
            ? CompletableFuture.completedStage(String.valueOf(disconnectHere(sessionId)))
            : peers.ask(front, DISCONNECT, sessionId);
    return done.thenAccept(
        found -> {
          if (!found.equals("true")) {
            throw Refused.notFound("there is no session '" + sessionId + "'; it may have ended");
          }
        });
  }

  private boolean disconnectHere(String sessionId) {
    return units.stream().anyMatch(unit -> unit.front().disconnect(sessionId));
  }

  /// A kind that a caller did not name: with the source when it answers, without it else.
  static MoveKind kind(boolean sourceAnswers) {
    return sourceAnswers ? MoveKind.SWITCHOVER : MoveKind.FAILOVER;
  }
}
