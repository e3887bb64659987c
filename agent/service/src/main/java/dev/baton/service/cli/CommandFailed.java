package dev.baton.service.cli;

import dev.baton.model.view.Problem;
import org.jspecify.annotations.Nullable;

/// A command that ends with status 1 and this sentence on standard error.
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Problem problem;

  /// @param sentence what failed, where, and what to do, for the person at the terminal
  public CommandFailed(String sentence) {
    super(sentence);
    this.problem = null;
  }

  public CommandFailed(String sentence, Throwable cause) {
    super(sentence, cause);
    this.problem = null;
  }

  CommandFailed(String sentence, Problem problem) {
    super(sentence);
    this.problem = problem;
  }

  /// What an agent has refused it with; null when no agent did.
  @Nullable Problem problem() {
    return problem;
  }
}
