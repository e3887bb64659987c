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
/// @param acknowledged by whom it was looked at and found in order; null while nobody has
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
    @Nullable Acknowledgement acknowledged,
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

  /// A move that nobody has acknowledged.
  public MoveView(
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
    this(
        id,
        service,
        kind,
        reason,
        actor,
        source,
        target,
        epoch,
        detectMillis,
        totalMillis,
        phases,
        clientsHeld,
        transactionsReplayed,
        requestsReplayed,
        keepAlivesSent,
        clientsFailed,
        outcome,
        explanation,
        null,
        startedAt,
        measuredAt);
  }

  /// The same, looked at by somebody.
  public MoveView acknowledged(@Nullable Acknowledgement by) {
    return new MoveView(
        id,
        service,
        kind,
        reason,
        actor,
        source,
        target,
        epoch,
        detectMillis,
        totalMillis,
        phases,
        clientsHeld,
        transactionsReplayed,
        requestsReplayed,
        keepAlivesSent,
        clientsFailed,
        outcome,
        explanation,
        by,
        startedAt,
        measuredAt);
  }

  /// @param comment of the person, kept as written
  public record Acknowledgement(String actor, String comment, Instant at) {}

  /// @param millis so far, for the last phase of a running move
  public record PhaseView(MovePhase name, double millis) {}
}
