package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.WhyView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What an operator has typed to change a policy, and what follows from it. It is the change of
/// exactly the version that was looked at: agents refuse it when somebody was quicker.
public final class PolicyDraft implements ChangeDraft {
  private final ServiceModel service;
  private final PolicyView before;
  private final Map<PolicyField, String> typed = new EnumMap<>(PolicyField.class);
  private Mode mode;

  /// @param before the policy that is looked at
  public PolicyDraft(ServiceModel service, PolicyView before) {
    this.service = service;
    this.before = before;
    this.mode = before.policy().mode();
  }

  public Mode mode() {
    return mode;
  }

  public void setMode(Mode next) {
    mode = next;
  }

  public String value(PolicyField field) {
    return typed.getOrDefault(field, field.of(before.policy()));
  }

  public void set(PolicyField field, String text) {
    typed.put(field, text.strip());
  }

  @Override
  public ChangePlan plan(long nowMillis) {
    MovePolicy after;
    try {
      after = request().applyTo(before.policy());
    } catch (IllegalArgumentException e) {
      return new ChangePlan(List.of(), null, String.valueOf(e.getMessage()));
    }
    List<String> changed = PolicyField.differences(before.policy(), after);
    List<ChangePlan.Effect> effects = new ArrayList<>();
    changed.forEach(text -> effects.add(new ChangePlan.Effect(Severity.NORMAL, text)));
    if (changed.isEmpty()) {
      return new ChangePlan(effects, null, Text.POLICY_UNCHANGED.of());
    }
    consequences(after, effects);
    boolean automatic = after.mode() == Mode.AUTOMATIC;
    return new ChangePlan(effects, automatic ? service.name() : null, obstacle(nowMillis));
  }

  private void consequences(MovePolicy after, List<ChangePlan.Effect> effects) {
    boolean was = before.policy().mode() == Mode.AUTOMATIC;
    boolean is = after.mode() == Mode.AUTOMATIC;
    if (is) {
      effects.add(
          new ChangePlan.Effect(Severity.WARNING, Text.POLICY_EFFECT_ARMED.of(service.name())));
      Timed<WhyView> why = service.why();
      if (why != null && !why.value().needs().isEmpty()) {
        effects.add(
            new ChangePlan.Effect(
                Severity.WARNING, Text.POLICY_EFFECT_DUE.of(why.value().summary())));
      }
    } else if (was) {
      effects.add(
          new ChangePlan.Effect(Severity.INFO, Text.POLICY_EFFECT_DISARMED.of(service.name())));
    }
  }

  private @Nullable String obstacle(long nowMillis) {
    PolicyView known = service.policy();
    if (known != null && known.policy().version() != before.policy().version()) {
      return Text.POLICY_OBSTACLE_CHANGED.of(known.changedBy());
    }
    return service.cluster().whyNotNow(nowMillis).orElse(null);
  }

  @Override
  public CompletionStage<?> make(long nowMillis) {
    return service.cluster().operations().changePolicy(service.name(), request());
  }

  /// @throws IllegalArgumentException saying which value is not understood
  private PolicyRequest request() {
    return new PolicyRequest(
        before.policy().version(),
        mode,
        number(PolicyField.HIGH),
        number(PolicyField.LOW),
        whole(PolicyField.SUSTAIN),
        number(PolicyField.GAIN),
        whole(PolicyField.BETWEEN),
        whole(PolicyField.LAG),
        number(PolicyField.RISK),
        Arrays.stream(value(PolicyField.PREFERRED).split("[,\\s]+"))
            .filter(host -> !host.isEmpty())
            .toList(),
        WindowText.parse(value(PolicyField.WINDOWS)));
  }

  private double number(PolicyField field) {
    try {
      return Double.parseDouble(value(field));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          Text.POLICY_NO_NUMBER.of(field.caption(), value(field)), e);
    }
  }

  private long whole(PolicyField field) {
    try {
      return Long.parseLong(value(field));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          Text.POLICY_NO_NUMBER.of(field.caption(), value(field)), e);
    }
  }
}
