package dev.baton.model.view;

import dev.baton.model.MoveKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST /v1/plans` answers it: what a move would do now. `POST /v1/moves` runs exactly it, or
/// refuses with what has changed since.
///
/// @param runnable false when a guardrail blocks
/// @param confirmation what the operator must type: the target's name for a forced failover; null
///   for none
public record PlanView(
    String id,
    MoveKind kind,
    String service,
    String source,
    String target,
    long epoch,
    List<Guardrail> guardrails,
    DataAtRisk dataAtRisk,
    int clientsToHold,
    int openTransactions,
    int notMovable,
    @Nullable Double expectedStallMillis,
    boolean runnable,
    @Nullable String confirmation,
    Instant createdAt,
    Instant expiresAt) {

  public enum Verdict {
    PASS,
    WARN,
    BLOCK
  }

  public record Guardrail(
      String name, String value, String threshold, Verdict verdict, String why, String remedy) {}

  /// What would be lost if the source died at this moment and never came back.
  public record DataAtRisk(long transactions, long bytes, double seconds, String explanation) {}
}
