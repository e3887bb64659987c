package dev.baton.service.control;

import dev.baton.model.view.MaintenanceRequest;
import dev.baton.model.view.MaintenanceView;
import dev.baton.model.view.PolicyRequest;
import dev.baton.model.view.PolicyView;
import dev.baton.model.view.WhyView;
import java.util.List;

/// Policies, announced maintenance, and what follows from them. Every agent has them all, so nobody
/// is asked; a change made here is with the others within a second.
public interface PolicyDesk {
  List<PolicyView> policies();

  /// Refused: an unknown service (404), a version that has passed (409), a value out of its bounds
  /// (400).
  PolicyView change(String service, PolicyRequest request, String actor);

  List<MaintenanceView> maintenance();

  /// Refused: an unknown host (404), an end before the beginning (400).
  MaintenanceView announce(String host, MaintenanceRequest request, String actor);

  /// One for each service whose home's agent is heard of.
  List<WhyView> why();
}
