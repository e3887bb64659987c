package dev.baton.console.model;

import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanView;

/// Where an operator's move stands, from the question to the outcome.
public sealed interface MoveStage {
  /// The agent is asked what a move would do.
  record Planning() implements MoveStage {}

  /// The plan is shown; nothing has been done.
  record Reviewing(PlanView plan) implements MoveStage {}

  /// The plan was confirmed; the agent has not answered yet.
  record Starting(PlanView plan) implements MoveStage {}

  /// Confirmed, but the answer was lost: whether the move began will be seen in the list of moves.
  record Uncertain(PlanView plan, String reason, long sinceMillis) implements MoveStage {}

  record Running(PlanView plan, MoveView move) implements MoveStage {}

  record Ended(PlanView plan, MoveView move) implements MoveStage {}

  /// Nothing was done.
  record Refused(String title, String detail) implements MoveStage {}
}
