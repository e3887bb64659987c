package dev.baton.core.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was measured of one service.
///
/// @param isOpen clients are served
/// @param isMoving a move runs
/// @param secondsSinceLastMove null when none is known
/// @param policyMovesToday how often a policy has moved it within the last 24 hours
/// @param cpuPercent processor time that the service takes of its home's host, of all cores
public record ServiceFacts(
    String service,
    String home,
    boolean isOpen,
    boolean isMoving,
    @Nullable Double secondsSinceLastMove,
    int policyMovesToday,
    double cpuPercent,
    List<Standby> standbys) {

  public ServiceFacts {
    standbys = List.copyOf(standbys);
  }

  /// @param lagBytes from the home's present position to what it has replayed; null when unknown
  /// @param riskSeconds age of the oldest log that its memory lacks
  public record Standby(String host, boolean inSync, @Nullable Long lagBytes, double riskSeconds) {}
}
