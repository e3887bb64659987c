package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.SessionView;
import dev.baton.model.view.StatusView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The standing answer to "why has it not failed over?" and "would it?": each condition with what
/// was measured, whether it holds, and what to do when it does not; and how much is protected right
/// now. A pure function of what was measured.
///
/// @param sessionsPercent of the sessions could be moved now; null when there is none
public record Readiness(
    List<Condition> conditions, @Nullable Double sessionsPercent, List<Immovable> immovable) {
  private static final String IN_SYNC = "in-sync";
  private static final double LAG_HIGH_MILLIS = 5_000;
  private static final double FULL = 0.9;

  /// @param severity normal when it holds
  /// @param remedy empty when it holds
  public record Condition(String name, String found, Severity severity, String remedy) {}

  public static Readiness of(ServiceModel service, long nowMillis) {
    ServiceView view = service.view().value();
    Timed<StatusView> status = service.cluster().status();
    List<Condition> all = new ArrayList<>();
    all.add(coordination(status));
    all.add(homeAgent(service, view));
    all.add(standby(view));
    lag(service, view, all);
    memory(service, all);
    all.add(move(view));
    all.add(age(service, nowMillis));
    List<SessionView> sessions =
        service.cluster().sessions().stream()
            .filter(session -> session.service().equals(service.name()))
            .toList();
    long movable = sessions.stream().filter(session -> session.movability().movable()).count();
    return new Readiness(
        all, sessions.isEmpty() ? null : 100.0 * movable / sessions.size(), Immovable.of(sessions));
  }

  private static Condition coordination(@Nullable Timed<StatusView> status) {
    String found = status == null ? Text.WHY_UNKNOWN.of() : status.value().coordination();
    boolean holds = found.equals("connected");
    return new Condition(
        Text.WHY_COORDINATION.of(),
        found,
        holds ? Severity.NORMAL : Severity.CRITICAL,
        holds ? "" : Text.WHY_COORDINATION_REMEDY.of());
  }

  private static Condition homeAgent(ServiceModel service, ServiceView view) {
    String found =
        service
            .cluster()
            .host(view.home())
            .map(host -> host.view().value().agent())
            .orElse(Text.WHY_UNKNOWN.of());
    boolean holds = found.equals("up");
    String database =
        service.cluster().host(view.home()).stream()
            .flatMap(host -> host.view().value().instances().stream())
            .filter(instance -> instance.service().equals(view.name()))
            .map(HostView.InstanceView::role)
            .findFirst()
            .orElse(Text.WHY_UNKNOWN.of());
    return new Condition(
        Text.WHY_HOME.of(view.home()),
        Text.WHY_HOME_FOUND.of(found, database),
        holds ? Severity.NORMAL : Severity.CRITICAL,
        holds ? "" : Text.WHY_HOME_REMEDY.of());
  }

  private static Condition standby(ServiceView view) {
    boolean holds = view.standbys().stream().anyMatch(s -> s.state().equals(IN_SYNC));
    String found =
        view.standbys().isEmpty()
            ? Text.SERVICE_NO_STANDBY.of()
            : String.join(
                ", ", view.standbys().stream().map(s -> s.host() + " " + s.state()).toList());
    return new Condition(
        Text.WHY_STANDBY.of(),
        found,
        holds ? Severity.NORMAL : Severity.CRITICAL,
        holds
            ? ""
            : Objects.requireNonNullElse(view.unprotectedReason(), Text.SITUATION_NO_REASON.of()));
  }

  private static void lag(ServiceModel service, ServiceView view, List<Condition> all) {
    Timed<PositionsView> positions = service.positions();
    if (positions == null) {
      return;
    }
    for (PositionsView.StandbyPositions standby : positions.value().standbys()) {
      standby.rungs().stream()
          .filter(rung -> rung.name().equals("replayed"))
          .findFirst()
          .ifPresent(
              rung -> {
                Double millis = rung.lagMillis();
                boolean holds = millis == null || millis <= LAG_HIGH_MILLIS;
                all.add(
                    new Condition(
                        Text.WHY_LAG.of(standby.host()),
                        Units.bytes(rung.lagBytes())
                            + (millis == null ? "" : " / " + Units.millis(millis)),
                        holds ? Severity.NORMAL : Severity.WARNING,
                        holds ? "" : Text.WHY_LAG_REMEDY.of(view.home())));
              });
    }
  }

  private static void memory(ServiceModel service, List<Condition> all) {
    for (Timed<MemoryView> timed : service.memory()) {
      MemoryView memory = timed.value();
      double part =
          memory.bytesBound() == 0 ? 0 : (double) memory.bytesHeld() / memory.bytesBound();
      boolean holds = part < FULL && memory.spilledBytes() == 0;
      all.add(
          new Condition(
              Text.WHY_MEMORY.of(memory.host()),
              Text.MEMORY_BOUND.of(
                  Units.bytes(memory.bytesHeld()),
                  Units.bytes(memory.bytesBound()),
                  Units.bytes(memory.bytesMax()),
                  Units.bytes(memory.spilledBytes())),
              holds ? Severity.NORMAL : Severity.WARNING,
              holds ? "" : Text.WHY_MEMORY_REMEDY.of()));
    }
  }

  private static Condition move(ServiceView view) {
    Long running = view.runningMove();
    return new Condition(
        Text.WHY_MOVE.of(),
        running == null ? Text.WHY_MOVE_NONE.of() : Long.toString(running),
        running == null ? Severity.NORMAL : Severity.MAINTENANCE,
        running == null ? "" : Text.WHY_MOVE_REMEDY.of());
  }

  private static Condition age(ServiceModel service, long nowMillis) {
    boolean stale = service.view().isStale(nowMillis);
    return new Condition(
        Text.WHY_AGE.of(),
        Units.age(service.view().ageMillis(nowMillis)),
        stale ? Severity.WARNING : Severity.NORMAL,
        stale ? Text.WHY_AGE_REMEDY.of() : "");
  }
}
