package dev.baton.model.view;

import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/moves`: one move, running or ended.
///
/// @param id the epoch-independent number of the move in its service, rising
/// @param detectMillis from the last sign of life of the source to the decision
/// @param totalMillis of all phases: until clients are served by the target, and, when the source
///   has come back, until it is in sync; so far, when running
/// @param outcome `running`, `done`, `refused` or `failed`, then a sentence in `explanation`
public record MoveView(
    long id,
    String service,
    MoveKind kind,
    String reason,
    String actor,
    String source,
    String target,
    long epoch,
    double detectMillis,
    double totalMillis,
    List<PhaseView> phases,
    int clientsHeld,
    int transactionsReplayed,
    int requestsReplayed,
    int keepAlivesSent,
    int clientsFailed,
    String outcome,
    @Nullable String explanation,
    Instant startedAt,
    Instant measuredAt) {

  /// From the decision until clients were served by the target: all phases but the rejoin, during
  /// which they are; milliseconds.
  public double servedMillis() {
    double rejoinMillis =
        phases.stream()
            .filter(phase -> phase.name() == MovePhase.REJOIN)
            .mapToDouble(PhaseView::millis)
            .sum();
    return totalMillis - rejoinMillis;
  }

  /// @param millis so far, for the last phase of a running move
  public record PhaseView(MovePhase name, double millis) {}
}
