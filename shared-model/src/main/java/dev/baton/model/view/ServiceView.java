package dev.baton.model.view;

import dev.baton.model.Durability;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET /v1/services`: one protected database.
///
/// @param phase `open` when clients are served, else what the record says: `taking`, `held`
/// @param protectedNow true when at least one standby is in sync
/// @param unprotectedReason why not, in one sentence; null when protected
/// @param clients connections of clients through all known fronts
/// @param transactionsPerSecond commits a second at the home, over the last second
/// @param runningMove number of the move that runs, null when none does
public record ServiceView(
    String name,
    String engine,
    String home,
    long epoch,
    String phase,
    Durability durability,
    List<StandbyView> standbys,
    boolean protectedNow,
    @Nullable String unprotectedReason,
    int clients,
    double transactionsPerSecond,
    @Nullable Long runningMove,
    Instant measuredAt) {

  /// @param state `seeding`, `catching-up`, `joining`, `in-sync` or `absent`
  /// @param lagBytes from the home's current position to what the standby has replayed; null when
  ///   unknown
  /// @param seedPercent progress of a copy that runs, 0 to 100; null when none does
  public record StandbyView(
      String host,
      String state,
      long generation,
      @Nullable Long lagBytes,
      @Nullable Double lagMillis,
      @Nullable Integer seedPercent) {}
}
