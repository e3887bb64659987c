package dev.baton.service.agent;

import dev.baton.model.Json;
import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillView;
import dev.baton.service.audit.AuditEvent;
import dev.baton.service.control.DrillDesk;
import dev.baton.service.control.Refused;
import dev.baton.service.drill.Drills;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Hands what is asked of drills to the agent that runs them, and tells its refusals on.
final class ClusterDrills implements DrillDesk {
  private static final String METHOD = "drill";
  private static final String ALL = "drills";

  /// An answer fits into a frame.
  private static final int MAX_OF_OTHERS = 20;

  private final String host;
  private final Peers peers;
  private final Drills own;
  private final Homes homes;

  /// Knows where services are at home.
  @FunctionalInterface
  interface Homes {
    /// Null when there is no such service.
    @Nullable String homeOf(String service);
  }

  /// One of three: a plan has a request, a run a confirmation, an abort a reason.
  private record Order(
      @Nullable DrillRequest plan,
      @Nullable String id,
      @Nullable String confirmation,
      @Nullable String abort,
      String actor) {}

  private record Answer(@Nullable DrillView drill, int status, String title, String detail) {}

  ClusterDrills(String host, Peers peers, Drills own, Homes homes) {
    this.host = host;
    this.peers = peers;
    this.own = own;
    this.homes = homes;
    peers.handle(
        METHOD,
        (from, body) ->
            here(Json.MAPPER.readValue(body, Order.class))
                .handle(ClusterDrills::answer)
                .thenApply(Json.MAPPER::writeValueAsString));
    peers.handle(
        ALL,
        (from, body) ->
            CompletableFuture.completedStage(
                Json.MAPPER.writeValueAsString(own.all().stream().limit(MAX_OF_OTHERS).toList())));
  }

  /// For the audit log of the host that it was run at.
  static AuditEvent ended(DrillView drill) {
    return AuditEvent.ofAgent(
        drill.actor(),
        "drill-ended",
        drill.service(),
        drill.outcome(),
        "drill %s, %s at %s: %s"
            .formatted(drill.id(), drill.kind(), drill.home(), drill.explanation()));
  }

  @Override
  public CompletionStage<List<DrillView>> drills() {
    List<CompletableFuture<List<DrillView>>> parts = new ArrayList<>();
    parts.add(CompletableFuture.completedFuture(own.all()));
    for (String other : peers.connected()) {
      parts.add(
          peers
              .ask(other, ALL, "")
              .thenApply(body -> List.of(Json.MAPPER.readValue(body, DrillView[].class)))
              .exceptionally(silent -> List.of())
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(
            _ ->
                parts.stream()
                    .flatMap(part -> part.join().stream())
                    .sorted(Comparator.comparing(DrillView::plannedAt).reversed())
                    .toList());
  }

  @Override
  public CompletionStage<DrillView> plan(DrillRequest request, String actor) {
    String home = homes.homeOf(request.service());
    if (home == null) {
      throw Refused.notFound("there is no service '" + request.service() + "'");
    }
    return at(home, new Order(request, null, null, null, actor));
  }

  @Override
  public CompletionStage<DrillView> run(String id, String confirmation, String actor) {
    return at(of(id), new Order(null, id, confirmation, null, actor));
  }

  @Override
  public CompletionStage<DrillView> abort(String id, String reason, String actor) {
    return at(of(id), new Order(null, id, null, reason, actor));
  }

  /// A drill's id begins with the name of its host.
  private static String of(String id) {
    int dash = id.lastIndexOf('-');
    if (dash < 1) {
      throw Refused.notFound("there is no drill '" + id + "'");
    }
    return id.substring(0, dash);
  }

  private CompletionStage<DrillView> at(String where, Order order) {
    if (where.equals(host)) {
      return here(order);
    }
    if (!peers.connected().contains(where)) {
      throw Refused.unavailable("the agent of '" + where + "' cannot be reached");
    }
    return peers
        .ask(where, METHOD, Json.MAPPER.writeValueAsString(order))
        .thenApply(body -> read(Json.MAPPER.readValue(body, Answer.class)));
  }

  private CompletionStage<DrillView> here(Order order) {
    DrillRequest plan = order.plan();
    if (plan != null) {
      return own.plan(plan, order.actor());
    }
    String id = Objects.requireNonNullElse(order.id(), "");
    String abort = order.abort();
    return abort != null
        ? own.abort(id, abort, order.actor())
        : own.run(id, Objects.requireNonNullElse(order.confirmation(), ""), order.actor());
  }

  private static Answer answer(@Nullable DrillView drill, @Nullable Throwable failure) {
    if (drill != null) {
      return new Answer(drill, 0, "", "");
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof Refused refused
        ? new Answer(null, refused.status(), refused.title(), refused.detail())
        : new Answer(null, 500, "internal error", String.valueOf(cause));
  }

  private static DrillView read(Answer answer) {
    DrillView drill = answer.drill();
    if (drill == null) {
      throw new Refused(answer.status(), answer.title(), answer.detail());
    }
    return drill;
  }
}
