package dev.baton.service.control;

import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillView;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Drills of all hosts. Each is run by the agent of the host that is to suffer it; asked elsewhere,
/// it is handed on.
public interface DrillDesk {
  /// Of every agent that answers, newest first.
  CompletionStage<List<DrillView>> drills();

  /// What would be done, and whether it may be. Refused: an unknown service (404), a value out of
  /// its bounds (400), a home that does not answer (503).
  CompletionStage<DrillView> plan(DrillRequest request, String actor);

  /// Begins a drill that was planned. Refused: unknown (404), a precondition that does not hold or
  /// a cluster that has changed (409), a wrong confirmation (422).
  CompletionStage<DrillView> run(String id, String confirmation, String actor);

  /// Has what was done taken back at once. Refused: a drill that does not run (409).
  CompletionStage<DrillView> abort(String id, String reason, String actor);
}
