package dev.baton.core.move;

import dev.baton.model.Durability;
import dev.baton.model.MoveKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was measured before a plan is made.
///
/// @param sourceAnswers whether the home's agent is reached and its database takes work
/// @param targetInSync whether the target is recorded in sync and its memory lives
/// @param lagBytes from the home's position to what the target has replayed; null when unknown
/// @param bytesNotInMemory log of the home that the target's memory lacks; null when unknown
/// @param secondsNotInMemory age of the first such byte
/// @param transactionsNotInMemory commits in it that may have been acknowledged
/// @param targetHealthy whether the target's database answers as a standby
/// @param targetCpuPercent of all cores, 0 to 100; null when unknown
/// @param targetDiskFreeBytes null when unknown
/// @param coordination whether the record can be written now
/// @param runningMove number of a move that runs; null when none does
/// @param secondsSinceLastMove null when there was none
/// @param openTransactions of clients
/// @param expectedStallMillis from earlier moves; null when there was none
public record PlanFacts(
    String id,
    MoveKind kind,
    String service,
    String source,
    String target,
    Durability durability,
    PlanBinding binding,
    boolean sourceAnswers,
    boolean targetInSync,
    @Nullable Long lagBytes,
    @Nullable Long bytesNotInMemory,
    double secondsNotInMemory,
    long transactionsNotInMemory,
    boolean targetHealthy,
    @Nullable Double targetCpuPercent,
    @Nullable Long targetDiskFreeBytes,
    Coordinated coordination,
    @Nullable Long runningMove,
    @Nullable Double secondsSinceLastMove,
    int clients,
    int openTransactions,
    List<String> notMovable,
    @Nullable Double expectedStallMillis,
    Instant measuredAt) {

  public PlanFacts {
    notMovable = List.copyOf(notMovable);
  }

  public enum Coordinated {
    CONNECTED,
    SUSPENDED,
    LOST
  }
}
