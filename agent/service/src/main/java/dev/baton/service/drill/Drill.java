package dev.baton.service.drill;

import dev.baton.model.view.DrillView;
import dev.baton.model.view.DrillView.Expectation;
import dev.baton.model.view.DrillView.StepView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The record of one drill while it goes on. Confined to the drills' thread.
final class Drill {
  private DrillView view;

  Drill(DrillView view) {
    this.view = view;
  }

  String id() {
    return view.id();
  }

  DrillView view() {
    return view;
  }

  void begun(String actor, Instant now) {
    view = with(actor, "harming", "running", "it runs", List.of(), view.steps(), null, now, null);
  }

  void step(Instant at, String what) {
    List<StepView> steps = new ArrayList<>(view.steps());
    steps.add(new StepView(at, what));
    view =
        with(
            view.actor(),
            view.phase(),
            view.outcome(),
            view.explanation(),
            view.expectations(),
            List.copyOf(steps),
            view.move(),
            view.begunAt(),
            view.endedAt());
  }

  DrillView in(String phase, @Nullable Long move) {
    view =
        with(
            view.actor(),
            phase,
            "running",
            "it runs",
            List.of(),
            view.steps(),
            move == null ? view.move() : move,
            view.begunAt(),
            null);
    return view;
  }

  DrillView ended(String outcome, String explanation, List<Expectation> expectations, Instant now) {
    view =
        with(
            view.actor(),
            "ended",
            outcome,
            explanation,
            expectations,
            view.steps(),
            view.move(),
            view.begunAt(),
            now);
    return view;
  }

  private DrillView with(
      String actor,
      String phase,
      String outcome,
      String explanation,
      List<Expectation> expectations,
      List<StepView> steps,
      @Nullable Long move,
      @Nullable Instant begunAt,
      @Nullable Instant endedAt) {
    return new DrillView(
        view.id(),
        view.kind(),
        view.service(),
        view.home(),
        view.target(),
        view.epoch(),
        actor,
        phase,
        outcome,
        explanation,
        view.preconditions(),
        view.runnable(),
        view.blastRadius(),
        view.expirySeconds(),
        expectations,
        steps,
        move,
        view.plannedAt(),
        begunAt,
        endedAt);
  }
}
