package dev.baton.core.move;

import dev.baton.model.Durability;
import dev.baton.model.MoveKind;
import java.util.SortedSet;

/// What one move is, fixed when it is decided.
///
/// @param id number of the move in its service
/// @param epoch that the move ends
/// @param sourceGeneration life of the source that the move ends
/// @param fronts hosts whose fronts are waited for while open transactions end, target included
/// @param ground on which the source counts as ended, or is to be fenced first
/// @param detectMillis from the source's last sign of life to the decision
public record MoveSpec(
    long id,
    MoveKind kind,
    String source,
    String target,
    long epoch,
    long sourceGeneration,
    Durability durability,
    MoveReason reason,
    SortedSet<String> fronts,
    Ground ground,
    double detectMillis) {

  /// Why the target may take over.
  public enum Ground {
    /// Somebody ordered it: the source is fenced first, by itself or by the end of its lease.
    ORDER,
    /// The source's own agent says that nothing of it can write any more.
    ATTESTED,
    /// The source was silent until its lease had run out. Holds only as long as it stays silent.
    SILENT
  }
}
