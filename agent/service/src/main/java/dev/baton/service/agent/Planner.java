package dev.baton.service.agent;

import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.move.PlanBinding;
import dev.baton.core.move.PlanFacts;
import dev.baton.model.LogPosition;
import dev.baton.model.Movability;
import dev.baton.model.MoveKind;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.SessionView;
import dev.baton.service.control.Refused;
import dev.baton.service.views.ClusterViews;
import dev.baton.service.views.LocalViews;
import dev.baton.service.views.LocalViews.LocalService;
import dev.baton.service.views.LocalViews.StandbyLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Collects, from what all agents measured, the facts on which a plan is made.
final class Planner {
  private final ClusterViews views;

  Planner(ClusterViews views) {
    this.views = views;
  }

  /// @throws Refused when there is no such target
  PlanFacts facts(
      PlanRequest request,
      ServiceRecord record,
      PlanBinding binding,
      PlanFacts.Coordinated coordination,
      Instant now) {
    String service = request.service();
    String target = target(request, record);
    boolean sourceAnswers = answers(service, record.home(), "home", now);
    MoveKind kind = request.kind() == null ? ClusterControl.kind(sourceAnswers) : request.kind();
    LocalService source = part(service, record.home()).orElse(null);
    LocalService standby = part(service, target).orElse(null);
    StandbyLog log = standby == null ? null : standby.log();
    LogPosition current = source == null ? null : source.current();
    HostView host = view(target, now);
    List<SessionView> sessions =
        views.sessions().stream().filter(session -> session.service().equals(service)).toList();
    MemoryView memory = standby == null ? null : standby.memory();
    return new PlanFacts(
        UUID.randomUUID().toString(),
        kind,
        service,
        record.home(),
        target,
        record.durability(),
        binding,
        sourceAnswers,
        binding.inSync().contains(target),
        current == null || log == null ? null : Math.max(0, current.bytesSince(log.replayed())),
        current == null || log == null ? null : Math.max(0, current.bytesSince(log.inMemory())),
        views.secondsNotInMemory(service, target, now),
        memory == null
            ? 0
            : memory.uncovered().stream().filter(held -> held.transaction() != null).count(),
        answers(service, target, "standby", now),
        host == null || host.load() == null ? null : host.load().cpuPercent(),
        host == null || host.configuration() == null ? null : host.configuration().diskFreeBytes(),
        coordination,
        record.move() == null ? null : record.move().id(),
        secondsSinceLastMove(service, now),
        sessions.size(),
        (int) sessions.stream().filter(s -> s.state().contains("transaction")).count(),
        sessions.stream()
            .filter(session -> !comesAlong(session.movability(), kind))
            .map(session -> session.id() + ": " + session.movability().reason())
            .toList(),
        expectedStall(service, kind),
        now);
  }

  private static boolean comesAlong(Movability movability, MoveKind kind) {
    return switch (kind) {
      case SWITCHOVER -> movability.whenPlanned();
      case FAILOVER -> movability.movable();
    };
  }

  private String target(PlanRequest request, ServiceRecord record) {
    String wanted = request.target();
    if (wanted != null && !record.members().containsKey(wanted)) {
      throw Refused.notFound(
          "'%s' carries no standby of %s; choose one of %s"
              .formatted(wanted, request.service(), record.members().keySet()));
    }
    if (wanted != null) {
      return wanted;
    }
    return record.members().entrySet().stream()
        .min(
            Comparator.comparing(
                member ->
                    switch (member.getValue().state()) {
                      case IN_SYNC -> 0;
                      case JOINING -> 1;
                      case OUT -> 2;
                    }))
        .orElseThrow(
            () ->
                Refused.notFound(
                    request.service() + " has no standby to move to; add one and let it seed"))
        .getKey();
  }

  private boolean answers(String service, String host, String role, Instant now) {
    LocalViews part = views.part(host);
    return part != null
        && part.measuredAt().isAfter(now.minus(ClusterViews.UNREACHABLE_AFTER))
        && part(service, host).filter(own -> own.role().equals(role)).isPresent();
  }

  private Optional<LocalService> part(String service, String host) {
    LocalViews part = views.part(host);
    return part == null
        ? Optional.empty()
        : part.services().stream().filter(own -> own.service().equals(service)).findFirst();
  }

  private @Nullable HostView view(String host, Instant now) {
    return views.hosts(now).stream()
        .filter(view -> view.name().equals(host))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Double secondsSinceLastMove(String service, Instant now) {
    return done(service)
        .findFirst()
        .map(move -> Duration.between(move.startedAt(), now).toMillis() / 1000.0)
        .orElse(null);
  }

  private java.util.stream.Stream<MoveView> done(String service) {
    return views.moves().stream()
        .filter(move -> move.service().equals(service) && move.outcome().equals("done"));
  }

  private @Nullable Double expectedStall(String service, MoveKind kind) {
    OptionalDouble mean =
        done(service)
            .filter(move -> move.kind() == kind)
            .limit(10)
            .mapToDouble(MoveView::servedMillis)
            .average();
    return mean.isPresent() ? mean.getAsDouble() : null;
  }
}
