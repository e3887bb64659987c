package dev.baton.service.config;

import java.util.List;

/// A file that cannot be used as configuration.
public final class InvalidConfig extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public InvalidConfig(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /// One text for each thing that is wrong: where, what, and what to do.
  public List<String> problems() {
    return problems;
  }
}
