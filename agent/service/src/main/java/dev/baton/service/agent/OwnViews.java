package dev.baton.service.agent;

import dev.baton.core.cluster.RoleState;
import dev.baton.core.cluster.RoleState.Role;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.engine.Instance;
import dev.baton.core.route.RouteState;
import dev.baton.model.Durability;
import dev.baton.model.view.HostView.InstanceView;
import dev.baton.model.view.MemoryView;
import dev.baton.net.Front;
import dev.baton.service.views.LocalViews.LocalService;
import dev.baton.service.views.LocalViews.StandbyLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What one service's unit measures of itself.
final class OwnViews {
  private final ServiceUnit unit;
  private final String engine;
  private final MoveHistory history;
  private long lastTransactions;
  private long lastNanos = System.nanoTime();

  OwnViews(ServiceUnit unit, String engine, MoveHistory history) {
    this.unit = unit;
    this.engine = engine;
    this.history = history;
  }

  /// Measured now, in part on the memory's thread.
  CompletionStage<LocalService> measure() {
    return unit.logs()
        .positions()
        .thenCombine(unit.logs().view(), (log, memory) -> put(log, memory));
  }

  private LocalService put(Optional<StandbyLog> log, Optional<MemoryView> memory) {
    RoleState state = unit.state();
    ServiceRecord record = state.record();
    String host = state.settings().host();
    Front.Counters counters = unit.front().counters();
    boolean home = record != null && record.home().equals(host);
    Instance.Identity identity = unit.instance().identity();
    return new LocalService(
        state.settings().service(),
        engine,
        record == null ? state.settings().firstHome() : record.home(),
        record == null ? 0 : record.epoch(),
        record == null ? 0 : record.version(),
        phase(record, unit.route().state()),
        record == null ? Durability.REPLICATION : record.durability(),
        role(state.role()),
        member(record, host),
        generation(record, host),
        identity == null ? 0 : identity.timeline(),
        home && state.role() instanceof Role.Serving ? unit.instance().observedPosition() : null,
        home ? null : log.orElse(null),
        memory.map(view -> view.ofGeneration(generation(record, host))).orElse(null),
        unit.seedPercent(),
        unprotectedReason(record),
        record == null ? List.of() : List.copyOf(record.membersIn(MemberState.IN_SYNC)),
        history.of(state.settings().service()),
        counters.clients(),
        counters.inTransaction(),
        counters.notMovable(),
        rate(counters.transactions()),
        record == null || record.move() == null ? null : record.move().id(),
        unit.alarms());
  }

  /// Of this host's memory as the record names it; at the home, of the home itself.
  private static long generation(@Nullable ServiceRecord record, String host) {
    if (record == null) {
      return 0;
    }
    ServiceRecord.Member member = record.members().get(host);
    return record.home().equals(host)
        ? record.homeGeneration()
        : member == null ? 0 : member.generation();
  }

  private synchronized double rate(long transactions) {
    long now = System.nanoTime();
    double perSecond = (transactions - lastTransactions) * 1e9 / Math.max(1, now - lastNanos);
    lastTransactions = transactions;
    lastNanos = now;
    return perSecond;
  }

  private static String phase(@Nullable ServiceRecord record, RouteState route) {
    return switch (route) {
      case RouteState.Held held ->
          record != null && record.phase() == ServiceRecord.Phase.TAKING ? "taking" : "held";
      case RouteState.Draining draining -> "draining";
      case RouteState.Open open -> "open";
    };
  }

  /// One word for what this host is.
  static String role(Role role) {
    return switch (role) {
      case Role.Starting r -> "down";
      case Role.FrontOnly r -> "none";
      case Role.Resuming r -> "down";
      case Role.Serving r -> "home";
      case Role.Fencing r -> "down";
      case Role.Fenced r -> "down";
      case Role.Waiting r -> "down";
      case Role.Rebuilding r -> "seeding";
      case Role.Joining r -> "standby";
      case Role.InSync r -> "standby";
      case Role.Moving r -> "standby";
    };
  }

  private static String member(@Nullable ServiceRecord record, String host) {
    if (record == null || !record.members().containsKey(host)) {
      return "absent";
    }
    return switch (record.members().get(host).state()) {
      case JOINING -> "joining";
      case IN_SYNC -> "in-sync";
      case OUT -> "catching-up";
    };
  }

  private static @Nullable String unprotectedReason(@Nullable ServiceRecord record) {
    if (record == null) {
      return "coordination has no record of the service yet";
    }
    if (!record.membersIn(MemberState.IN_SYNC).isEmpty()) {
      return null;
    }
    if (record.members().isEmpty()) {
      return "no other host carries the service";
    }
    return record.members().entrySet().stream()
        .map(
            member ->
                member.getKey()
                    + (member.getValue().state() == MemberState.JOINING
                        ? " is joining"
                        : " is not in sync yet"))
        .reduce((one, other) -> one + ", " + other)
        .orElse("");
  }

  boolean carriesInstance() {
    return unit.settings().carriesInstance();
  }

  InstanceView instanceView() {
    Instance instance = unit.instance();
    Instance.Identity identity = instance.identity();
    return new InstanceView(
        unit.settings().service(),
        unit.seedPercent() != null
            ? "seeding"
            : switch (instance.state()) {
              case PRIMARY -> "primary";
              case STANDBY -> "standby";
              case ABSENT, STOPPED, STARTING, STOPPING -> "down";
            },
        identity == null ? "" : identity.version(),
        identity == null ? 0 : identity.port(),
        identity == null ? null : identity.processId());
  }
}
