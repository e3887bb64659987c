package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.HostView;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.RulesView;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.StatusView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// Tells what happened between two looks at a cluster. Keeps only what it has seen last.
final class Happenings {
  private static final String IN_SYNC = "in-sync";
  private static final String UP = "up";
  private static final String RUNNING = "running";
  private static final String DOWN = "down";

  /// More than an agent tells; of more, those heard of first are forgotten.
  static final int MOVES_REMEMBERED = 4_000;

  private final Map<String, String> moveOutcomes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOVES_REMEMBERED;
        }
      };
  private boolean movesKnown;

  /// What one look found, without time and cluster.
  record Found(Severity severity, String subject, String text) {}

  List<Found> between(StatusView before, StatusView after) {
    List<Found> found = new ArrayList<>();
    if (!before.coordination().equals(after.coordination())) {
      found.add(
          new Found(
              after.coordination().equals("connected") ? Severity.NORMAL : Severity.CRITICAL,
              Text.EVENT_COORDINATION.of(),
              Text.EVENT_COORDINATION_IS.of(after.coordination(), after.host())));
    }
    Map<String, ServiceView> services = byName(before.services(), ServiceView::name);
    for (ServiceView service : after.services()) {
      ServiceView old = services.get(service.name());
      if (old != null) {
        service(old, service, found);
      }
    }
    Map<String, HostView> hosts = byName(before.hosts(), HostView::name);
    for (HostView host : after.hosts()) {
      HostView old = hosts.get(host.name());
      if (old == null) {
        found.add(new Found(Severity.NORMAL, host.name(), Text.EVENT_HOST_SEEN.of()));
      } else {
        host(old, host, found);
      }
    }
    alarms(Alarms.of(before), Alarms.of(after), found);
    return found;
  }

  private static void alarms(List<AlarmView> before, List<AlarmView> after, List<Found> found) {
    Map<String, AlarmView> old = byName(before, Alarms::key);
    Map<String, AlarmView> now = byName(after, Alarms::key);
    now.forEach(
        (key, alarm) -> {
          if (!old.containsKey(key)) {
            found.add(
                new Found(
                    Severity.CRITICAL,
                    alarm.service(),
                    Text.EVENT_ALARM.of(alarm.name(), alarm.what())));
          }
        });
    old.forEach(
        (key, alarm) -> {
          if (!now.containsKey(key)) {
            found.add(
                new Found(
                    Severity.NORMAL, alarm.service(), Text.EVENT_ALARM_OVER.of(alarm.name())));
          }
        });
  }

  List<Found> rules(RulesView before, RulesView after) {
    List<Found> found = new ArrayList<>();
    Map<String, PolicyView> policies = byName(before.policies(), PolicyView::service);
    for (PolicyView policy : after.policies()) {
      PolicyView old = policies.get(policy.service());
      if (old != null && old.policy().version() != policy.policy().version()) {
        found.add(
            new Found(
                Severity.INFO,
                policy.service(),
                Text.EVENT_POLICY.of(
                    Long.toString(policy.policy().version()),
                    policy.changedBy(),
                    String.join("; ", PolicyField.differences(old.policy(), policy.policy())))));
      }
    }
    Map<String, MaintenanceView> old = byName(before.maintenance(), MaintenanceView::host);
    Map<String, MaintenanceView> now = byName(after.maintenance(), MaintenanceView::host);
    now.forEach(
        (host, announced) -> {
          if (!announced.equals(old.get(host))) {
            found.add(
                new Found(
                    Severity.MAINTENANCE,
                    host,
                    Text.EVENT_MAINTENANCE.of(announced.announcedBy(), announced.why())));
          }
        });
    old.keySet().stream()
        .filter(host -> !now.containsKey(host))
        .forEach(
            host -> found.add(new Found(Severity.NORMAL, host, Text.EVENT_MAINTENANCE_OVER.of())));
    return found;
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    Map<String, T> map = new HashMap<>();
    all.forEach(each -> map.put(name.apply(each), each));
    return map;
  }

  private static void service(ServiceView old, ServiceView now, List<Found> found) {
    String name = now.name();
    if (!old.home().equals(now.home()) || old.epoch() != now.epoch()) {
      found.add(
          new Found(
              Severity.NORMAL,
              name,
              Text.EVENT_HOME.of(
                  old.home(), now.home(), Long.toString(old.epoch()), Long.toString(now.epoch()))));
    }
    if (old.protectedNow() != now.protectedNow()) {
      found.add(
          now.protectedNow()
              ? new Found(Severity.NORMAL, name, Text.EVENT_PROTECTED.of())
              : new Found(
                  Severity.CRITICAL,
                  name,
                  Text.EVENT_UNPROTECTED.of(
                      Objects.requireNonNullElse(
                          now.unprotectedReason(), Text.SITUATION_NO_REASON.of()))));
    }
    Map<String, ServiceView.StandbyView> standbys =
        byName(old.standbys(), ServiceView.StandbyView::host);
    for (ServiceView.StandbyView standby : now.standbys()) {
      ServiceView.StandbyView before = standbys.get(standby.host());
      if (before != null && !before.state().equals(standby.state())) {
        found.add(
            new Found(
                worse(before.state(), standby.state()) ? Severity.WARNING : Severity.NORMAL,
                name,
                Text.EVENT_STANDBY.of(standby.host(), before.state(), standby.state())));
      }
    }
  }

  private static boolean worse(String before, String now) {
    return before.equals(IN_SYNC) || now.equals("absent");
  }

  private static void host(HostView old, HostView now, List<Found> found) {
    if (!old.agent().equals(now.agent())) {
      boolean up = now.agent().equals(UP);
      found.add(
          new Found(
              up ? Severity.NORMAL : Severity.CRITICAL,
              now.name(),
              up ? Text.EVENT_AGENT_UP.of() : Text.EVENT_AGENT_GONE.of()));
    }
    Map<String, HostView.InstanceView> instances =
        byName(old.instances(), HostView.InstanceView::service);
    for (HostView.InstanceView instance : now.instances()) {
      HostView.InstanceView before = instances.get(instance.service());
      if (before != null && !before.role().equals(instance.role())) {
        found.add(
            new Found(
                instance.role().equals(DOWN) ? Severity.WARNING : Severity.NORMAL,
                now.name(),
                Text.EVENT_INSTANCE.of(instance.service(), before.role(), instance.role())));
      }
    }
  }

  /// @param moves all that is known of
  List<Found> moves(List<MoveView> moves) {
    List<Found> found = new ArrayList<>();
    for (MoveView move : moves) {
      String before = moveOutcomes.put(key(move), move.outcome());
      if (!movesKnown || move.outcome().equals(before)) {
        continue; // history from before the console looked is no news
      }
      found.add(move(move));
    }
    movesKnown = true;
    return found;
  }

  private static String key(MoveView move) {
    return move.service() + "/" + move.id();
  }

  /// Moves whose last outcome is remembered.
  int remembered() {
    return moveOutcomes.size();
  }

  private static Found move(MoveView move) {
    String id = Long.toString(move.id());
    String total = Units.millis(move.servedMillis());
    return switch (move.outcome()) {
      case RUNNING ->
          new Found(
              Severity.MAINTENANCE,
              move.service(),
              Text.EVENT_MOVE_BEGUN.of(
                  id, move.kind(), move.source(), move.target(), move.reason(), move.actor()));
      case "done" ->
          new Found(
              move.clientsFailed() == 0 ? Severity.NORMAL : Severity.WARNING,
              move.service(),
              Text.EVENT_MOVE_DONE.of(
                  id, move.target(), total, move.clientsHeld(), move.clientsFailed()));
      default ->
          new Found(
              Severity.CRITICAL,
              move.service(),
              Text.EVENT_MOVE_OTHER.of(
                  id, move.outcome(), Objects.requireNonNullElse(move.explanation(), "")));
    };
  }
}
