package dev.baton.console.link;

import dev.baton.model.view.AuditView;
import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.MoveRequest;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PlanRequest;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// What an operator can have done. A stage completes on any thread; it fails with [Refusal] when
/// the agent refused, with [java.io.IOException] when it is not known whether the agent did it.
public interface Operations {
  CompletionStage<PlanView> plan(PlanRequest request);

  CompletionStage<MoveView> move(MoveRequest request);

  /// Says that a move was looked at.
  CompletionStage<MoveView> acknowledge(MoveView move, String comment);

  /// Changes the policy of a service.
  CompletionStage<PolicyView> changePolicy(String service, PolicyRequest request);

  /// Announces maintenance of a host, changes or ends it.
  CompletionStage<MaintenanceView> announce(String host, MaintenanceRequest request);

  /// Who asked the agents to change what, the newest first.
  CompletionStage<List<AuditView>> audit();

  /// Ends a client's session.
  CompletionStage<Void> disconnect(String sessionId);
}
