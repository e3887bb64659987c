package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.ServiceView;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Maintenance of a host that is being announced, or ended, and what follows for each service.
public final class MaintenanceDraft implements ChangeDraft {
  private final ClusterModel cluster;
  private final boolean ends;
  private String host;
  private String from = "";
  private String until = "+2h";
  private String why = "";

  private MaintenanceDraft(ClusterModel cluster, String host, boolean ends) {
    this.cluster = cluster;
    this.host = host;
    this.ends = ends;
  }

  public static MaintenanceDraft announcing(ClusterModel cluster, String host) {
    return new MaintenanceDraft(cluster, host, false);
  }

  /// Ends what was announced for a host.
  public static MaintenanceDraft ending(ClusterModel cluster, String host) {
    return new MaintenanceDraft(cluster, host, true);
  }

  public String host() {
    return host;
  }

  public void setHost(String next) {
    host = next;
  }

  public String from() {
    return from;
  }

  /// @param text as [MomentText] reads it; empty: now
  public void setFrom(String text) {
    from = text;
  }

  public String until() {
    return until;
  }

  /// @param text as [MomentText] reads it; empty: open end
  public void setUntil(String text) {
    until = text;
  }

  public void setWhy(String text) {
    why = text.strip();
  }

  @Override
  public ChangePlan plan(long nowMillis) {
    if (ends) {
      return new ChangePlan(
          List.of(new ChangePlan.Effect(Severity.NORMAL, Text.MAINTENANCE_EFFECT_END.of(host))),
          null,
          cluster.whyNotNow(nowMillis).orElse(null));
    }
    MaintenanceRequest request;
    try {
      request = request(nowMillis);
    } catch (IllegalArgumentException e) {
      return new ChangePlan(List.of(), null, String.valueOf(e.getMessage()));
    }
    List<ChangePlan.Effect> effects = new ArrayList<>();
    effects.add(
        new ChangePlan.Effect(
            Severity.MAINTENANCE,
            Text.MAINTENANCE_EFFECT.of(
                host,
                request.from() == null ? Text.MAINTENANCE_NOW.of() : MomentText.of(request.from()),
                request.until() == null
                    ? Text.MAINTENANCE_OPEN.of()
                    : MomentText.of(request.until()))));
    boolean leaves = false;
    for (ServiceModel service : cluster.services()) {
      leaves |= follows(service, effects);
    }
    return new ChangePlan(effects, leaves ? host : null, obstacle(nowMillis));
  }

  /// What follows for one service.
  ///
  /// @return true when it is moved by itself
  private boolean follows(ServiceModel service, List<ChangePlan.Effect> effects) {
    ServiceView view = service.view().value();
    if (view.home().equals(host)) {
      PolicyView policy = service.policy();
      boolean automatic = policy != null && policy.policy().mode() == Mode.AUTOMATIC;
      effects.add(
          automatic
              ? new ChangePlan.Effect(
                  Severity.WARNING, Text.MAINTENANCE_EFFECT_LEAVES.of(service.name(), host))
              : new ChangePlan.Effect(
                  Severity.WARNING,
                  Text.MAINTENANCE_EFFECT_STAYS.of(
                      service.name(),
                      host,
                      policy == null ? Text.WHY_UNKNOWN.of() : policy.policy().mode())));
      return automatic;
    }
    if (view.standbys().stream().anyMatch(standby -> standby.host().equals(host))) {
      effects.add(
          new ChangePlan.Effect(
              Severity.INFO, Text.MAINTENANCE_EFFECT_STANDBY.of(service.name(), host)));
    }
    return false;
  }

  private @Nullable String obstacle(long nowMillis) {
    return cluster
        .whyNotNow(nowMillis)
        .orElse(why.isEmpty() ? Text.MAINTENANCE_OBSTACLE_WHY.of() : null);
  }

  @Override
  public CompletionStage<?> make(long nowMillis) {
    return cluster.operations().announce(host, request(nowMillis));
  }

  private MaintenanceRequest request(long nowMillis) {
    Instant now = Instant.ofEpochMilli(nowMillis);
    if (ends) {
      return new MaintenanceRequest(null, Instant.EPOCH, null);
    }
    ZoneId zone = ZoneId.systemDefault();
    Instant begins = from.isBlank() ? null : MomentText.parse(from, now, zone);
    Instant finishes = until.isBlank() ? null : MomentText.parse(until, now, zone);
    Instant first = begins == null ? now : begins;
    if (finishes != null && !finishes.isAfter(first)) {
      throw new IllegalArgumentException(Text.MAINTENANCE_ENDS_FIRST.of());
    }
    return new MaintenanceRequest(begins, finishes, why);
  }
}
