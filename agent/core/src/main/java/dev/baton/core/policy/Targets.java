package dev.baton.core.policy;

import dev.baton.core.policy.HostFacts.Load;
import dev.baton.core.policy.HostFacts.Maintenance;
import dev.baton.core.policy.ServiceFacts.Standby;
import dev.baton.model.MovePolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The hosts to which a service could go, and what rules each of them out.
record Targets(List<Target> all) {
  /// @param forecast null when too little is known of the load
  record Target(
      String host, HostFacts facts, @Nullable Forecast forecast, List<Obstacle> obstacles) {}

  static Targets of(MovePolicy policy, ServiceFacts service, ClusterFacts facts) {
    List<Target> all = new ArrayList<>();
    HostFacts source = facts.hosts().get(service.home());
    for (Standby standby : service.standbys()) {
      HostFacts host =
          facts.host(standby.host()).orElse(new HostFacts(standby.host(), false, null, null, null));
      Forecast forecast = source == null ? null : Forecast.of(service, source, host);
      all.add(
          new Target(
              standby.host(),
              host,
              forecast,
              obstacles(policy, standby, source, host, forecast, facts)));
    }
    return new Targets(all);
  }

  /// The fittest: what the policy prefers, then the least busy, then by name.
  Optional<Target> best(MovePolicy policy, Need need) {
    return all.stream()
        .filter(target -> target.obstacles().stream().noneMatch(each -> each.stops(need)))
        .filter(target -> !need.isForLoad() || gains(policy, target))
        .min(
            Comparator.<Target>comparingInt(target -> rank(policy, target.host()))
                .thenComparingDouble(
                    target -> target.forecast() == null ? 100 : target.forecast().targetAfter())
                .thenComparing(Target::host));
  }

  /// What speaks against each host; for a load also that moving would not help.
  ///
  /// @param need for which a move is looked for; null for none
  List<Obstacle> obstacles(MovePolicy policy, @Nullable Need need) {
    boolean forLoad = need != null && need.isForLoad();
    List<Obstacle> obstacles = new ArrayList<>();
    for (Target target : all) {
      obstacles.addAll(target.obstacles());
      Forecast forecast = target.forecast();
      if (forLoad && target.obstacles().isEmpty() && !gains(policy, target)) {
        obstacles.add(
            Obstacle.waivable(
                "gain of a move",
                target.host(),
                forecast == null ? "unknown" : points(forecast.gain()),
                "at least " + points(policy.minGainPercent()),
                "lower the load; a move would carry it along"));
      }
    }
    return obstacles;
  }

  static int rank(MovePolicy policy, String host) {
    int place = policy.preferred().indexOf(host);
    return place < 0 ? Integer.MAX_VALUE : place;
  }

  private static boolean gains(MovePolicy policy, Target target) {
    return target.forecast() != null && target.forecast().gain() >= policy.minGainPercent();
  }

  private static List<Obstacle> obstacles(
      MovePolicy policy,
      Standby standby,
      @Nullable HostFacts source,
      HostFacts host,
      @Nullable Forecast forecast,
      ClusterFacts facts) {
    List<Obstacle> found = new ArrayList<>();
    String name = standby.host();
    if (!host.answers()) {
      found.add(
          Obstacle.firm(
              "agent", name, "silent", "answering", "start the agent, or mend its network"));
      return found; // the rest is not known, or old
    }
    if (!standby.inSync()) {
      found.add(
          Obstacle.firm("standby", name, "not in sync", "in sync", "wait until it has caught up"));
    }
    Long lag = standby.lagBytes();
    if (lag == null || lag > policy.maxLagBytes()) {
      found.add(
          Obstacle.firm(
              "lag",
              name,
              lag == null ? "unknown" : lag + " bytes",
              "at most " + policy.maxLagBytes() + " bytes",
              "wait until it has caught up, or lower the load"));
    }
    if (standby.riskSeconds() > policy.maxRiskSeconds()) {
      found.add(
          Obstacle.firm(
              "age of log not in its memory",
              name,
              "%.1f s".formatted(standby.riskSeconds()),
              "at most %.1f s".formatted(policy.maxRiskSeconds()),
              "look at the network between both hosts"));
    }
    load(policy, name, host.load(), forecast).ifPresent(found::add);
    if (source != null) {
      weaker(name, source, host).ifPresent(found::add);
    }
    Maintenance maintenance = host.maintenance();
    if (maintenance != null && maintenance.isNearAt(facts.now())) {
      found.add(
          Obstacle.firm(
              "maintenance",
              name,
              "announced from " + maintenance.from(),
              "none within " + Maintenance.LEAD_SECONDS + " s",
              "end it with `baton maintenance " + name + " --end`"));
    }
    return found;
  }

  /// A target that is loaded, or would be with the service, is none.
  private static Optional<Obstacle> load(
      MovePolicy policy, String host, @Nullable Load load, @Nullable Forecast forecast) {
    if (load == null) {
      return Optional.of(
          Obstacle.waivable("load", host, "unknown", "measured", "wait for its first measurement"));
    }
    double expected = forecast == null ? load.busiest() : forecast.targetAfter();
    if (Math.max(load.busiest(), expected) < policy.highPercent()) {
      return Optional.empty();
    }
    return Optional.of(
        Obstacle.waivable(
            "load",
            host,
            percent(load.busiest()) + ", with the service " + percent(expected),
            "below " + percent(policy.highPercent()),
            "move something else away from " + host));
  }

  private static Optional<Obstacle> weaker(String host, HostFacts source, HostFacts target) {
    Strength strength = Strength.of(target.configuration(), source.configuration());
    return strength.isWorse()
        ? Optional.of(
            Obstacle.waivable(
                "configuration",
                host,
                String.join(", ", strength.weaker()),
                "no weaker than " + source.host(),
                "strengthen " + host + ", or move by hand"))
        : Optional.empty();
  }

  static String percent(double value) {
    return String.format(Locale.ROOT, "%.0f%%", value);
  }

  private static String points(double value) {
    return String.format(Locale.ROOT, "%.0f points", value);
  }
}
