package dev.baton.lab.history;

import java.util.List;

/// One serializable transaction on lists to which values are appended, each once.
public record ListTransaction(List<Step> steps, Told told) {
  public ListTransaction {
    steps = List.copyOf(steps);
  }

  public sealed interface Step {
    int list();
  }

  public record Append(int list, long value) implements Step {}

  /// @param values that were shown, in their order
  public record Show(int list, List<Long> values) implements Step {
    public Show {
      values = List.copyOf(values);
    }
  }
}
