package dev.baton.console.link;

import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import java.util.concurrent.CompletionStage;

/// What an operator can have done. A stage completes on any thread; it fails with [Refusal] when
/// the agent refused, with [java.io.IOException] when it is not known whether the agent did it.
public interface Operations {
  CompletionStage<PlanView> plan(PlanRequest request);

  CompletionStage<MoveView> move(MoveRequest request);

  /// Says that a move was looked at.
  CompletionStage<MoveView> acknowledge(MoveView move, String comment);

  /// Ends a client's session.
  CompletionStage<Void> disconnect(String sessionId);
}
