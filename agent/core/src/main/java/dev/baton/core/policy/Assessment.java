package dev.baton.core.policy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a policy makes of the facts at one moment, for one service: the standing answer to "would
/// it move now, and if not, why not?".
///
/// @param needs that count: those seen now before those that are passing, the strongest first; a
///   move is made for the first
/// @param target where it would go; null when there is no need, or no host is fit
/// @param obstacles everything that stands in the way, whether or not there is a need
/// @param action what follows
public record Assessment(
    String service,
    List<Standing> needs,
    @Nullable String target,
    List<Obstacle> obstacles,
    Action action,
    Instant at) {

  public Assessment {
    needs = List.copyOf(needs);
    obstacles = List.copyOf(obstacles);
  }

  public enum Action {
    /// No need, or something stands in the way.
    STAY,
    /// A move is due, and the policy only observes.
    WOULD_MOVE,
    /// A move is due.
    MOVE
  }

  /// A need that has lasted long enough.
  ///
  /// @param explanation one sentence with figures
  /// @param since from when on it has been seen
  public record Standing(Need need, String explanation, Instant since) {}

  /// One sentence.
  public String summary() {
    if (needs.isEmpty()) {
      return "no need to move";
    }
    String need = needs.getFirst().explanation();
    return switch (action) {
      case MOVE -> need + ": moving to " + target;
      case WOULD_MOVE -> need + ": would move to " + target + ", and only observes";
      case STAY ->
          need
              + ": not moved, since "
              + (obstacles.isEmpty()
                  ? "no host is fit"
                  : String.join("; ", obstacles.stream().map(Obstacle::toString).toList()));
    };
  }
}
