package dev.baton.model.view;

import dev.baton.model.DrillKind;
import dev.baton.model.view.PlanView.Guardrail;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/drills`: a failure that is caused on purpose, to see whether all goes as expected.
///
/// @param id names the host whose agent runs it
/// @param home of the service when it was planned: what is done is done there
/// @param target that is expected to take over
/// @param epoch of the service when it was planned
/// @param actor who planned it, then who ran it
/// @param phase `planned`, `harming`, `watching`, `healing`, `recovering` or `ended`
/// @param outcome `planned`, `running`, `passed`, `failed`, `aborted` or `refused`
/// @param explanation of the outcome, in one sentence
/// @param preconditions each of which must hold, when it is planned and when it begins
/// @param runnable false when a precondition blocks
/// @param expirySeconds after which what was done is taken back by itself
/// @param expectations what should be seen, and what was; empty until it has ended
/// @param steps what happened, oldest first
/// @param move number of the move that it caused; null: none was seen
public record DrillView(
    String id,
    DrillKind kind,
    String service,
    String home,
    String target,
    long epoch,
    String actor,
    String phase,
    String outcome,
    String explanation,
    List<Guardrail> preconditions,
    boolean runnable,
    BlastRadius blastRadius,
    int expirySeconds,
    List<Expectation> expectations,
    List<StepView> steps,
    @Nullable Long move,
    Instant plannedAt,
    @Nullable Instant begunAt,
    @Nullable Instant endedAt) {

  /// What a drill touches, as measured when it was planned.
  ///
  /// @param clients that will be held
  /// @param openTransactions that must be replayed
  /// @param notMovable sessions that will be closed
  /// @param expectedStallMillis from moves before; null when there are none
  /// @param explanation what else: who is without protection meanwhile
  public record BlastRadius(
      int clients,
      int openTransactions,
      int notMovable,
      @Nullable Double expectedStallMillis,
      String explanation) {}

  /// @param actual null when nothing was seen
  public record Expectation(String name, String expected, @Nullable String actual, boolean met) {}

  public record StepView(Instant at, String what) {}
}
