package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.model.MovePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A value of a policy that can be typed: its name, what it means, and how it is written.
@SuppressWarnings("ImmutableEnumChecker") // functions without state
public enum PolicyField {
  HIGH(Text.POLICY_HIGH, Text.POLICY_HIGH_MEANS, p -> number(p.highPercent())),
  LOW(Text.POLICY_LOW, Text.POLICY_LOW_MEANS, p -> number(p.lowPercent())),
  SUSTAIN(Text.POLICY_SUSTAIN, Text.POLICY_SUSTAIN_MEANS, p -> Long.toString(p.sustainSeconds())),
  GAIN(Text.POLICY_GAIN, Text.POLICY_GAIN_MEANS, p -> number(p.minGainPercent())),
  BETWEEN(
      Text.POLICY_BETWEEN,
      Text.POLICY_BETWEEN_MEANS,
      p -> Long.toString(p.minSecondsBetweenMoves())),
  LAG(Text.POLICY_LAG, Text.POLICY_LAG_MEANS, p -> Long.toString(p.maxLagBytes())),
  RISK(Text.POLICY_RISK, Text.POLICY_RISK_MEANS, p -> number(p.maxRiskSeconds())),
  PREFERRED(
      Text.POLICY_PREFERRED, Text.POLICY_PREFERRED_MEANS, p -> String.join(", ", p.preferred())),
  WINDOWS(Text.POLICY_WINDOWS, Text.POLICY_WINDOWS_MEANS, p -> WindowText.of(p.windows()));

  private final Text caption;
  private final Text meaning;
  private final Function<MovePolicy, String> value;

  PolicyField(Text caption, Text meaning, Function<MovePolicy, String> value) {
    this.caption = caption;
    this.meaning = meaning;
    this.value = value;
  }

  public String caption() {
    return caption.of();
  }

  public String meaning() {
    return meaning.of();
  }

  /// As it is typed.
  public String of(MovePolicy policy) {
    return value.apply(policy);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /// `name: before → after` for each value that differs, the mode first.
  static List<String> differences(MovePolicy before, MovePolicy after) {
    List<String> found = new ArrayList<>();
    if (before.mode() != after.mode()) {
      found.add(Text.POLICY_CHANGE.of(Text.POLICY_MODE.of(), before.mode(), after.mode()));
    }
    for (PolicyField field : values()) {
      String was = field.of(before);
      String is = field.of(after);
      if (!was.equals(is)) {
        found.add(Text.POLICY_CHANGE.of(field.caption(), shown(was), shown(is)));
      }
    }
    return found;
  }

  private static String shown(String value) {
    return value.isEmpty() ? "–" : value;
  }
}
