package dev.baton.service.control;

import dev.baton.model.DrillKind;
import dev.baton.model.view.DrillRequest;
import dev.baton.model.view.DrillView;
import dev.baton.model.view.DrillView.BlastRadius;
import dev.baton.model.view.DrillView.Expectation;
import dev.baton.model.view.DrillView.StepView;
import dev.baton.model.view.PlanView.Guardrail;
import dev.baton.model.view.PlanView.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// One drill of `app`, which passes as soon as it is looked at.
public final class FakeDrillDesk implements DrillDesk {
  private final List<String> asked;
  public volatile boolean armed = true;
  public volatile String outcome = "passed";

  FakeDrillDesk(List<String> asked) {
    this.asked = asked;
  }

  public DrillView drill(String phase, String outcome) {
    boolean ended = phase.equals("ended");
    return new DrillView(
        "a-1",
        DrillKind.KILL_DATABASE,
        "app",
        "a",
        "b",
        3,
        "alice",
        phase,
        outcome,
        ended ? "all went as <expected>" : "it runs",
        List.of(
            new Guardrail(
                "armed",
                armed ? "yes" : "no",
                "yes",
                armed ? Verdict.PASS : Verdict.BLOCK,
                "a failure is caused only where it may be",
                "set drillsArmed: true")),
        armed,
        new BlastRadius(16, 4, 1, 60.0, "app is without a standby meanwhile"),
        60,
        ended
            ? List.of(
                new Expectation("home", "b", "b", true),
                new Expectation("protected again", "within 300 s", null, false))
            : List.of(),
        ended
            ? List.of(new StepView(FakeControlSource.NOW, "the main process 4711 was killed"))
            : List.of(),
        ended ? 7L : null,
        FakeControlSource.NOW,
        ended ? FakeControlSource.NOW : null,
        ended ? FakeControlSource.NOW : null);
  }

  @Override
  public CompletionStage<List<DrillView>> drills() {
    return CompletableFuture.completedStage(List.of(drill("ended", outcome)));
  }

  @Override
  public CompletionStage<DrillView> plan(DrillRequest request, String actor) {
    asked.add("%s: drill %s %s".formatted(actor, request.kind(), request.service()));
    return CompletableFuture.completedStage(drill("planned", "planned"));
  }

  @Override
  public CompletionStage<DrillView> run(String id, String confirmation, String actor) {
    asked.add("%s: run %s confirmed %s".formatted(actor, id, confirmation));
    return CompletableFuture.completedStage(drill("harming", "running"));
  }

  @Override
  public CompletionStage<DrillView> abort(String id, String reason, String actor) {
    asked.add("%s: abort %s (%s)".formatted(actor, id, reason));
    return CompletableFuture.completedStage(drill("healing", "running"));
  }
}
