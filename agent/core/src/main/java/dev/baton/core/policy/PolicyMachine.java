package dev.baton.core.policy;

import dev.baton.core.policy.Assessment.Action;
import dev.baton.core.policy.Assessment.Standing;
import dev.baton.core.policy.Sights.Seen;
import dev.baton.core.policy.Targets.Target;
import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides for one service. A pure function of what it has seen and what is measured now: the same
/// facts give the same assessments, in a test, in a drill and in production.
public final class PolicyMachine {
  private static final int MAX_DOUBLINGS = 10;

  private PolicyMachine() {}

  /// What was seen of each need, and for how long.
  public record State(Map<Need, Hysteresis> needs) {
    public static final State START = new State(Map.of());

    public State {
      needs = Map.copyOf(needs);
    }
  }

  public record Step(State state, Assessment assessment) {}

  /// @param service whose home's agent asks; of others it would know too little
  public static Step step(
      State state, MovePolicy policy, ServiceFacts service, ClusterFacts facts) {
    Targets targets = Targets.of(policy, service, facts);
    if (policy.mode() == Mode.MANUAL) {
      return new Step(
          State.START,
          new Assessment(
              service.service(),
              List.of(),
              null,
              obstacles(policy, service, facts, targets, null),
              Action.STAY,
              facts.now()));
    }
    Map<Need, Seen> seen = Sights.of(policy, service, facts, targets);
    State next = watch(state, policy, seen, facts.now());
    return new Step(next, assess(next, seen, policy, service, facts, targets));
  }

  private static State watch(State state, MovePolicy policy, Map<Need, Seen> seen, Instant now) {
    Map<Need, Hysteresis> next = new EnumMap<>(Need.class);
    seen.forEach(
        (need, sight) ->
            next.put(
                need,
                state
                    .needs()
                    .getOrDefault(need, Hysteresis.START)
                    .step(
                        sight.sight(),
                        now.toEpochMilli(),
                        need.isSustained() ? policy.sustainSeconds() * 1_000 : 0)));
    return new State(next);
  }

  private static Assessment assess(
      State state,
      Map<Need, Seen> seen,
      MovePolicy policy,
      ServiceFacts service,
      ClusterFacts facts,
      Targets targets) {
    List<Standing> needs = standing(state, seen);
    // What is only still counted, and not seen any more, moves nothing.
    Need reason =
        needs.isEmpty() || !holds(seen, needs.getFirst().need()) ? null : needs.getFirst().need();
    List<Obstacle> obstacles = obstacles(policy, service, facts, targets, reason);
    Optional<Target> target = reason == null ? Optional.empty() : targets.best(policy, reason);
    boolean free = obstacles.stream().noneMatch(each -> each.host() == null && each.stops(reason));
    Action action =
        target.isEmpty() || !free
            ? Action.STAY
            : policy.mode() == Mode.AUTOMATIC ? Action.MOVE : Action.WOULD_MOVE;
    return new Assessment(
        service.service(),
        needs,
        target.map(Target::host).orElse(null),
        obstacles,
        action,
        facts.now());
  }

  /// Twice as long after each move of the last day: on hosts that are saturated the load that is
  /// measured is less than what is asked for, forecasts are too good, and no move helps.
  private static long pause(MovePolicy policy, ServiceFacts service) {
    return policy.minSecondsBetweenMoves() << Math.min(service.policyMovesToday(), MAX_DOUBLINGS);
  }

  /// What counts and is seen now comes before what is passing: it is what a move is made for.
  private static List<Standing> standing(State state, Map<Need, Seen> seen) {
    List<Standing> now = new ArrayList<>();
    List<Standing> passing = new ArrayList<>();
    for (Need need : Need.values()) {
      Hysteresis watched = state.needs().getOrDefault(need, Hysteresis.START);
      if (watched.active()) {
        String explanation = seen.getOrDefault(need, Seen.NOTHING).explanation();
        (holds(seen, need) ? now : passing)
            .add(
                new Standing(
                    need,
                    explanation.isEmpty() ? "it is passing" : explanation,
                    Instant.ofEpochMilli(watched.activeSinceMillis())));
      }
    }
    now.addAll(passing);
    return now;
  }

  private static boolean holds(Map<Need, Seen> seen, Need need) {
    return seen.getOrDefault(need, Seen.NOTHING).sight() == Hysteresis.Sight.HOLDS;
  }

  private static List<Obstacle> obstacles(
      MovePolicy policy,
      ServiceFacts service,
      ClusterFacts facts,
      Targets targets,
      @Nullable Need need) {
    List<Obstacle> found = new ArrayList<>();
    if (policy.mode() == Mode.MANUAL) {
      found.add(
          Obstacle.firm(
              "policy",
              null,
              "manual",
              "observe or automatic",
              "change it with `baton policy " + service.service() + " --mode automatic`"));
    }
    if (!service.isOpen()) {
      found.add(Obstacle.firm("service", null, "not open", "open", "see why with `baton status`"));
    }
    if (service.isMoving()) {
      found.add(Obstacle.firm("a move", null, "running", "none", "wait until it has ended"));
    }
    Double since = service.secondsSinceLastMove();
    long pause = pause(policy, service);
    if (since != null && since < pause) {
      found.add(
          Obstacle.waivable(
              "time since the last move",
              null,
              "%.0f s".formatted(since),
              "at least " + pause + " s",
              "wait, or move by hand"));
    }
    if (!policy.isOpen(facts.now().atZone(ZoneOffset.UTC))) {
      found.add(
          Obstacle.waivable(
              "time of day",
              null,
              facts.now().toString(),
              "in one of the policy's windows",
              "wait for the next window, or move by hand"));
    }
    if (targets.all().isEmpty()) {
      found.add(Obstacle.firm("standbys", null, "none", "at least one", "add one and let it seed"));
    }
    found.addAll(targets.obstacles(policy, need));
    return found;
  }
}
