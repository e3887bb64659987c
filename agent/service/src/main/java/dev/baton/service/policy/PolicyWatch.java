package dev.baton.service.policy;

import dev.baton.core.policy.Assessment;
import dev.baton.core.policy.Assessment.Action;
import dev.baton.core.policy.ClusterFacts;
import dev.baton.core.policy.PolicyMachine;
import dev.baton.core.policy.ServiceFacts;
import dev.baton.model.MovePolicy;
import dev.baton.model.view.ServiceView;
import dev.baton.model.view.WhyView;
import dev.baton.service.views.ClusterViews;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Assesses once a second each service that is at home here, says what changes, and orders the move
/// when the policy is automatic. Runs on the agent's timer; views may be read by any thread.
public final class PolicyWatch {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);
  private static final long PERIOD_MILLIS = 1_000;

  /// Orders a switchover as an operator would, with the plan's guardrails.
  @FunctionalInterface
  public interface Orders {
    CompletionStage<?> move(String service, String target, String reason, String actor);
  }

  private final String host;
  private final ClusterViews views;
  private final PolicyStore store;
  private final Supplier<Set<String>> atHome;
  private final Orders orders;
  private final Clock clock;
  private final Map<String, PolicyMachine.State> states = new HashMap<>();
  private final Map<String, String> told = new HashMap<>();
  private final Map<String, WhyView> assessed = new ConcurrentHashMap<>();
  private final Set<String> ordered = ConcurrentHashMap.newKeySet();

  /// @param atHome services whose home is this agent now, door open
  public PolicyWatch(
      String host,
      ClusterViews views,
      PolicyStore store,
      Supplier<Set<String>> atHome,
      Orders orders,
      Clock clock) {
    this.host = host;
    this.views = views;
    this.store = store;
    this.atHome = atHome;
    this.orders = orders;
    this.clock = clock;
  }

  public void begin(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            look();
          } catch (RuntimeException e) {
            LOG.error("services are not assessed: {}", e.toString(), e);
          }
        },
        PERIOD_MILLIS,
        PERIOD_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  /// Of the services at home here, as assessed last.
  public List<WhyView> assessed() {
    return List.copyOf(assessed.values());
  }

  void look() {
    Set<String> mine = atHome.get();
    states.keySet().retainAll(mine);
    told.keySet().retainAll(mine);
    assessed.keySet().retainAll(mine);
    if (mine.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    ClusterFacts facts = MeasuredFacts.of(views, store.book(), now);
    Map<String, ServiceView> shown = new HashMap<>();
    views.services(now).forEach(view -> shown.put(view.name(), view));
    for (ServiceFacts service : facts.services()) {
      ServiceView view = shown.get(service.service());
      if (mine.contains(service.service()) && service.home().equals(host) && view != null) {
        assess(service, facts, view);
      }
    }
  }

  private void assess(ServiceFacts service, ClusterFacts facts, ServiceView view) {
    MovePolicy policy = store.book().policy(service.service()).policy();
    PolicyMachine.Step step =
        PolicyMachine.step(
            states.getOrDefault(service.service(), PolicyMachine.State.START),
            policy,
            service,
            facts);
    states.put(service.service(), step.state());
    Assessment assessment = step.assessment();
    assessed.put(service.service(), WhyViews.of(assessment, policy, service, view));
    tell(assessment);
    String target = assessment.target();
    if (assessment.action() == Action.MOVE && target != null) {
      order(service.service(), target, assessment);
    }
  }

  /// Once for each turn that things take, not for each figure that changes.
  private void tell(Assessment assessment) {
    String turn =
        assessment.action()
            + " "
            + assessment.target()
            + assessment.needs().stream().map(need -> " " + need.need()).toList()
            + (assessment.needs().isEmpty()
                ? ""
                : assessment.obstacles().stream()
                    .map(each -> " " + each.host() + " " + each.name())
                    .toList());
    String before = told.put(assessment.service(), turn);
    boolean nothingYet = before == null && assessment.needs().isEmpty();
    if (!turn.equals(before) && !nothingYet) {
      LOG.info("service={} policy: {}", assessment.service(), assessment.summary());
    }
  }

  private void order(String service, String target, Assessment assessment) {
    if (!ordered.add(service)) {
      return; // the last order is not answered yet
    }
    String reason = assessment.needs().getFirst().explanation();
    orders
        .move(service, target, reason, MeasuredFacts.ACTOR + host)
        .whenComplete(
            (_, error) -> {
              ordered.remove(service);
              if (error != null) {
                LOG.warn("service={} policy: not moved to {}: {}", service, target, cause(error));
              }
            });
  }

  private static String cause(Throwable error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
