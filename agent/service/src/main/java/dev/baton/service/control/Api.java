package dev.baton.service.control;

import dev.baton.model.view.DrillView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.SessionView;
import dev.baton.service.control.ControlSource.LocalService;
import dev.baton.service.control.ControlSource.LocalState;
import dev.baton.service.control.Router.Resource;
import dev.baton.service.control.Router.Target;
import dev.baton.service.monitor.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What each resource answers. Knows nothing of sockets; refusals come as failed stages or are
/// thrown.
final class Api {
  static final String TOTAL_HEADER = "baton-total-count";

  private static final int DEFAULT_MINUTES = 15;
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;

  private final ControlSource source;
  private final Metrics metrics;
  private final IdempotentAnswers answers = new IdempotentAnswers(System::nanoTime);

  Api(ControlSource source, Metrics metrics) {
    this.source = source;
    this.metrics = metrics;
  }

  /// @param key by which the request names itself; null: it does not
  CompletionStage<Reply> answer(Target target, byte[] body, Caller caller, @Nullable String key) {
    if (key == null || !target.resource().changes()) {
      return answer(target, body, caller);
    }
    return answers.once(
        caller.actor(), key, target.fingerprint(body), () -> answer(target, body, caller));
  }

  private CompletionStage<Reply> answer(Target target, byte[] body, Caller caller) {
    CompletionStage<Reply> reply;
    try {
      requireRole(target.resource(), caller);
      reply = reply(target, body, caller.actor());
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedStage(e);
    }
    if (!target.resource().audited()) {
      return reply;
    }
    Trail trail = new Trail(source.audit(), target, body, caller);
    return reply.handle(trail::recorded).thenCompose(told -> told);
  }

  private static void requireRole(Resource resource, Caller caller) {
    if (!caller.role().covers(resource.role())) {
      throw Refused.forbidden(
          "this needs the role %s, and %s has %s"
              .formatted(resource.role(), caller.actor(), caller.role()));
    }
  }

  private CompletionStage<Reply> reply(Target target, byte[] body, String actor) {
    return switch (target.resource()) {
      case STATUS -> source.status().thenApply(Api::ok);
      case SERVICES -> source.services().thenApply(Api::ok);
      case HOSTS -> source.hosts().thenApply(Api::ok);
      case SESSIONS -> sessions(new SessionFilter(target.query()));
      case DISCONNECT -> source.disconnect(target.id(), actor).thenApply(_ -> Reply.empty());
      case POSITIONS ->
          source.positions().thenApply(all -> some(all, view -> of(target, view.service())));
      case MEMORY ->
          source
              .memory()
              .thenApply(
                  all ->
                      some(
                          all,
                          view ->
                              of(target, view.service()) && matches(target, "host", view.host())));
      case MOVES -> moves(target, _ -> true);
      case HISTORY -> moves(target, move -> !move.outcome().equals("running"));
      case MOVE -> source.moves().thenApply(all -> Reply.json(200, one(target, all)));
      case ACKNOWLEDGE -> {
        String comment = RequestBody.acknowledgement(body).comment();
        yield source
            .moves()
            .thenCompose(all -> source.acknowledge(ended(one(target, all)), comment, actor))
            .thenApply(Api::ok);
      }
      case MAKE_PLAN -> source.plan(RequestBody.plan(body), actor).thenApply(Api::ok);
      case START_MOVE ->
          source
              .move(RequestBody.move(body), actor)
              .thenApply(
                  move ->
                      Reply.json(202, move)
                          .telling(
                              "move %d of %s: %s from %s to %s"
                                  .formatted(
                                      move.id(),
                                      move.service(),
                                      move.kind(),
                                      move.source(),
                                      move.target()))
                          .withHeader(
                              "location", "/v1/moves/" + move.id() + "?service=" + move.service()));
      case POLICIES -> at(source.policies().policies());
      case CHANGE_POLICY ->
          at(source.policies().change(target.id(), RequestBody.policy(body), actor));
      case MAINTENANCE -> at(source.policies().maintenance());
      case ANNOUNCE ->
          at(source.policies().announce(target.id(), RequestBody.maintenance(body), actor));
      case DRILLS -> drills(target);
      case DRILL -> drill(target.id()).thenApply(Api::ok);
      case DRILL_REPORT -> drill(target.id()).thenApply(Api::page);
      case PLAN_DRILL -> source.drills().plan(RequestBody.drill(body), actor).thenApply(Api::ok);
      case RUN_DRILL ->
          source
              .drills()
              .run(target.id(), RequestBody.drillRun(body).confirmation(), actor)
              .thenApply(drill -> Reply.json(202, drill).telling(told(drill)));
      case ABORT_DRILL ->
          source
              .drills()
              .abort(target.id(), RequestBody.drillAbort(body), actor)
              .thenApply(drill -> Reply.json(202, drill).telling(told(drill)));
      case WHY ->
          CompletableFuture.completedStage(
              some(source.policies().why(), view -> of(target, view.service())));
      case SERIES ->
          source
              .series()
              .series(
                  target.parameter("service"),
                  target.parameter("name"),
                  SessionFilter.number(
                      target.query(), "minutes", DEFAULT_MINUTES, Telemetry.MAX_MINUTES))
              .thenApply(Api::ok);
      case AUDIT -> audit(target);
      case CHECK_AUDIT -> source.audit().check(target.parameter("anchor")).thenApply(Api::ok);
      case OPENAPI -> CompletableFuture.completedStage(Reply.document("openapi.json"));
      case HEALTH -> CompletableFuture.completedStage(health(source.local()));
      case PRIMARY ->
          role(target, service -> service.role().equals("primary") && service.serving());
      case REPLICA -> role(target, service -> service.role().equals("standby"));
      case READ_ONLY ->
          role(
              target,
              service ->
                  service.role().equals("standby")
                      || (service.role().equals("primary") && service.serving()));
      case METRICS ->
          metrics.text(source).thenApply(text -> Reply.text(Metrics.CONTENT_TYPE, text));
      case STREAM ->
          throw new Refused(
              426,
              "upgrade needed",
              "/v1/stream is a WebSocket: ask with 'Upgrade: websocket'",
              Map.of("upgrade", "websocket"));
    };
  }

  private static CompletionStage<Reply> at(Object view) {
    return CompletableFuture.completedStage(ok(view));
  }

  private static Reply ok(Object view) {
    return Reply.json(200, view);
  }

  private static <T> Reply some(List<T> all, Predicate<T> wanted) {
    return Reply.json(200, all.stream().filter(wanted).toList());
  }

  private static boolean of(Target target, String service) {
    return matches(target, "service", service);
  }

  private static boolean matches(Target target, String parameter, String value) {
    String wanted = target.parameter(parameter);
    return wanted == null || wanted.equals(value);
  }

  private CompletionStage<Reply> sessions(SessionFilter filter) {
    return source
        .sessions()
        .thenApply(
            all -> {
              List<SessionView> matching = filter.matching(all);
              return Reply.json(200, matching.stream().limit(filter.limit()).toList())
                  .withHeader(TOTAL_HEADER, Integer.toString(matching.size()));
            });
  }

  private CompletionStage<Reply> moves(Target target, Predicate<MoveView> wanted) {
    int limit = SessionFilter.limit(target.query(), DEFAULT_LIMIT, MAX_LIMIT);
    return source
        .moves()
        .thenApply(
            all ->
                Reply.json(
                    200,
                    all.stream()
                        .filter(wanted.and(move -> of(target, move.service())))
                        .limit(limit)
                        .toList()));
  }

  private CompletionStage<Reply> drills(Target target) {
    int limit = SessionFilter.limit(target.query(), DEFAULT_LIMIT, MAX_LIMIT);
    return source
        .drills()
        .drills()
        .thenApply(
            all ->
                Reply.json(
                    200,
                    all.stream()
                        .filter(drill -> of(target, drill.service()))
                        .limit(limit)
                        .toList()));
  }

  private CompletionStage<DrillView> drill(String id) {
    return source
        .drills()
        .drills()
        .thenApply(
            all ->
                all.stream()
                    .filter(drill -> drill.id().equals(id))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            Refused.notFound(
                                "no drill is "
                                    + Text.printable(id)
                                    + "; GET /v1/drills lists them")));
  }

  private static String told(DrillView drill) {
    return "drill %s: %s of %s at %s"
        .formatted(drill.id(), drill.kind(), drill.service(), drill.home());
  }

  private static Reply page(DrillView drill) {
    return Reply.text("text/html; charset=utf-8", DrillReport.html(drill))
        .withHeader("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
  }

  private CompletionStage<Reply> audit(Target target) {
    int limit = SessionFilter.limit(target.query(), DEFAULT_LIMIT, MAX_LIMIT);
    return source
        .audit()
        .entries(MAX_LIMIT)
        .thenApply(
            all ->
                Reply.json(
                    200,
                    all.stream()
                        .filter(entry -> matches(target, "host", entry.host()))
                        .filter(entry -> matches(target, "actor", entry.actor()))
                        .filter(entry -> matches(target, "action", entry.action()))
                        .limit(limit)
                        .toList()));
  }

  private static MoveView one(Target target, List<MoveView> all) {
    List<MoveView> found =
        all.stream()
            .filter(move -> Long.toString(move.id()).equals(target.id()))
            .filter(move -> of(target, move.service()))
            .toList();
    String service = target.parameter("service");
    if (found.isEmpty()) {
      throw Refused.notFound(
          "no move has the number %s%s; GET /v1/moves lists them"
              .formatted(
                  Text.printable(target.id()),
                  service == null ? "" : " in service " + Text.printable(service)));
    }
    if (found.size() > 1) {
      throw Refused.malformed(
          "several services have a move %s: name one by ?service=, of %s"
              .formatted(target.id(), found.stream().map(MoveView::service).toList()));
    }
    return found.getFirst();
  }

  private static MoveView ended(MoveView move) {
    if (move.outcome().equals("running")) {
      throw Refused.blocked(
          "move " + move.id() + " is still running; acknowledge it when it has ended");
    }
    return move;
  }

  private static Reply health(LocalState local) {
    boolean healthy =
        local.coordination().equals("connected")
            && local.services().stream().noneMatch(service -> service.role().equals("down"));
    return Reply.json(healthy ? 200 : 503, local);
  }

  /// 200 when the service's part on this host is what was asked for, else 503: what load balancers
  /// go by.
  private CompletionStage<Reply> role(Target target, Predicate<LocalService> wanted) {
    LocalService service = localService(source.local(), target.parameter("service"));
    return CompletableFuture.completedStage(Reply.json(wanted.test(service) ? 200 : 503, service));
  }

  private static LocalService localService(LocalState local, @Nullable String name) {
    List<LocalService> services = local.services();
    if (name == null && services.size() == 1) {
      return services.getFirst();
    }
    List<String> names = services.stream().map(LocalService::service).toList();
    if (name == null) {
      throw Refused.malformed(
          "host %s carries %d services: name one by ?service=, of %s"
              .formatted(local.host(), services.size(), names));
    }
    return services.stream()
        .filter(service -> service.service().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Refused.notFound(
                    "host %s has no service '%s', but %s"
                        .formatted(local.host(), Text.printable(name), names)));
  }
}
