package dev.baton.console.link;

import dev.baton.model.view.Problem;

/// An agent refused a request and said why. Nothing was done.
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public Refusal(Problem problem) {
    super(problem.status() + " " + problem.title() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
