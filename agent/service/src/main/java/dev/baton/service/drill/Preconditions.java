package dev.baton.service.drill;

import dev.baton.model.view.AlarmView;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PlanView.Guardrail;
import dev.baton.model.view.PlanView.Verdict;
import dev.baton.model.view.ServiceView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What must hold before a failure is caused on purpose. Pure.
final class Preconditions {
  private static final String NOTHING = "nothing to do";

  private Preconditions() {}

  /// @param host of the agent that is asked
  /// @param running id of a drill that runs here; null: none does
  /// @param plan of a switchover: what would hold that up must not be drilled into
  static List<Guardrail> of(
      boolean armed,
      String host,
      ServiceView service,
      List<AlarmView> alarms,
      @Nullable String running,
      PlanView plan) {
    List<Guardrail> all = new ArrayList<>();
    all.add(
        rail(
            "armed",
            armed ? "yes" : "no",
            "yes",
            armed,
            "a failure is caused only where the configuration says that it may be",
            "set drillsArmed: true in the agent's configuration, and send it SIGHUP"));
    all.add(
        rail(
            "home",
            service.home(),
            host,
            service.home().equals(host),
            "the home's agent does it, and can take it back",
            "ask the agent of " + service.home()));
    all.add(
        rail(
            "protected",
            service.protectedNow() ? "yes" : "no",
            "yes",
            service.protectedNow(),
            "without a standby in sync a real failure is caused",
            "wait until a standby is in sync"));
    List<String> standing =
        alarms.stream()
            .filter(alarm -> alarm.service().equals(service.name()))
            .map(AlarmView::name)
            .toList();
    all.add(
        rail(
            "alarms",
            standing.isEmpty() ? "none" : String.join(", ", standing),
            "none",
            standing.isEmpty(),
            "what is not in order already would be blamed on the drill",
            "see to the alarms first"));
    all.add(
        rail(
            "other drill",
            running == null ? "none" : running,
            "none",
            running == null,
            "two at once would hide each other",
            "wait until it has ended, or abort it"));
    all.addAll(plan.guardrails());
    return List.copyOf(all);
  }

  private static Guardrail rail(
      String name, String value, String threshold, boolean holds, String why, String remedy) {
    return new Guardrail(
        name,
        value,
        threshold,
        holds ? Verdict.PASS : Verdict.BLOCK,
        why,
        holds ? NOTHING : remedy);
  }

  static boolean allow(List<Guardrail> preconditions) {
    return preconditions.stream().noneMatch(each -> each.verdict() == Verdict.BLOCK);
  }

  /// The first that does not hold, in a sentence; empty when all do.
  static String blocker(List<Guardrail> preconditions) {
    return preconditions.stream()
        .filter(each -> each.verdict() == Verdict.BLOCK)
        .findFirst()
        .map(
            each ->
                "%s is %s, needed is %s; %s"
                    .formatted(each.name(), each.value(), each.threshold(), each.remedy()))
        .orElse("");
  }
}
