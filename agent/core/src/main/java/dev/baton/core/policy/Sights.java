package dev.baton.core.policy;

import dev.baton.core.policy.HostFacts.Load;
import dev.baton.core.policy.Hysteresis.Sight;
import dev.baton.core.policy.Targets.Target;
import dev.baton.model.MovePolicy;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of each need is seen at one moment, before it is known whether it lasts.
final class Sights {
  /// @param explanation one sentence with figures; empty when nothing is seen
  record Seen(Sight sight, String explanation) {
    static final Seen NOTHING = new Seen(Sight.HOLDS_NOT, "");
  }

  private final MovePolicy policy;
  private final ServiceFacts service;
  private final ClusterFacts facts;
  private final Targets targets;
  private final HostFacts home;

  private Sights(MovePolicy policy, ServiceFacts service, ClusterFacts facts, Targets targets) {
    this.policy = policy;
    this.service = service;
    this.facts = facts;
    this.targets = targets;
    this.home =
        facts.host(service.home()).orElse(new HostFacts(service.home(), false, null, null, null));
  }

  static Map<Need, Seen> of(
      MovePolicy policy, ServiceFacts service, ClusterFacts facts, Targets targets) {
    Sights sights = new Sights(policy, service, facts, targets);
    Map<Need, Seen> all = new EnumMap<>(Need.class);
    all.put(Need.MAINTENANCE, sights.maintenance());
    all.put(Need.SOURCE_LOAD, sights.sourceLoad());
    all.put(Need.BALANCE, sights.balance());
    all.put(Need.CONFIGURATION, sights.configuration());
    all.put(Need.PREFERENCE, sights.preference());
    return all;
  }

  private Seen maintenance() {
    HostFacts.Maintenance announced = home.maintenance();
    return announced != null && announced.isNearAt(facts.now())
        ? new Seen(
            Sight.HOLDS,
            "maintenance of %s was announced from %s on (%s)"
                .formatted(home.host(), announced.from(), announced.why()))
        : Seen.NOTHING;
  }

  private Seen sourceLoad() {
    Load load = home.load();
    if (load == null || !home.answers()) {
      return Seen.NOTHING;
    }
    boolean cpu = load.cpuPercent() >= load.memoryPercent();
    String what =
        "%s of %s is used to %s, high from %s on"
            .formatted(
                cpu ? "the processor" : "the memory",
                home.host(),
                Targets.percent(load.busiest()),
                Targets.percent(policy.highPercent()));
    if (load.busiest() >= policy.highPercent()) {
      return new Seen(Sight.HOLDS, what);
    }
    return load.busiest() < policy.lowPercent() ? Seen.NOTHING : new Seen(Sight.BETWEEN, what);
  }

  /// Of all services at home on this host only the one whose move gains most: else all would leave
  /// at once, and come back together.
  private Seen balance() {
    Optional<Target> best = best(targets);
    double gain = best.map(Sights::gain).orElse(0.0);
    if (best.isEmpty() || gain < policy.minGainPercent() / 2) {
      return Seen.NOTHING;
    }
    Forecast forecast = java.util.Objects.requireNonNull(best.get().forecast());
    String what =
        "%s is used to %s and %s to %s; with %s there it would be %s and %s"
            .formatted(
                home.host(),
                Targets.percent(forecast.sourceBefore()),
                best.get().host(),
                Targets.percent(forecast.targetBefore()),
                service.service(),
                Targets.percent(forecast.sourceAfter()),
                Targets.percent(forecast.targetAfter()));
    return gain >= policy.minGainPercent() && isBestOfHost(gain)
        ? new Seen(Sight.HOLDS, what)
        : new Seen(Sight.BETWEEN, what);
  }

  private static Optional<Target> best(Targets targets) {
    return targets.all().stream()
        .filter(target -> target.forecast() != null)
        .max(Comparator.comparingDouble(Sights::gain).thenComparing(Target::host));
  }

  private static double gain(Target target) {
    return target.forecast() == null ? 0 : target.forecast().gain();
  }

  private boolean isBestOfHost(double gain) {
    return facts.services().stream()
        .filter(other -> other.home().equals(service.home()))
        .filter(other -> !other.service().equals(service.service()))
        .noneMatch(
            other -> {
              double theirs = best(Targets.of(policy, other, facts)).map(Sights::gain).orElse(0.0);
              return theirs > gain
                  || (theirs == gain && other.service().compareTo(service.service()) < 0);
            });
  }

  private Seen configuration() {
    for (Target target : targets.all()) {
      Strength strength = Strength.of(home.configuration(), target.facts().configuration());
      if (target.facts().answers() && strength.isWorse()) {
        return new Seen(
            Sight.HOLDS,
            "%s is weaker than %s: %s"
                .formatted(home.host(), target.host(), String.join(", ", strength.weaker())));
      }
    }
    return Seen.NOTHING;
  }

  private Seen preference() {
    List<String> preferred = policy.preferred();
    int present = Targets.rank(policy, service.home());
    Optional<Target> better =
        targets.all().stream()
            .filter(target -> Targets.rank(policy, target.host()) < present)
            .filter(target -> target.obstacles().isEmpty())
            .min(Comparator.comparingInt(target -> Targets.rank(policy, target.host())));
    return better
        .map(
            target ->
                new Seen(
                    Sight.HOLDS,
                    "%s is preferred to %s, in the order %s"
                        .formatted(target.host(), service.home(), preferred)))
        .orElse(Seen.NOTHING);
  }
}
