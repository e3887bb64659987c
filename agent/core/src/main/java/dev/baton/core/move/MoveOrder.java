package dev.baton.core.move;

import dev.baton.model.MoveKind;
import java.util.SortedSet;

/// An order to the agent of the target: run this plan.
///
/// @param id of the plan; the answer names it
/// @param forced the operator has confirmed a failover whose source does not answer, or a target
///   that is not in sync: what is at risk is lost
/// @param fronts hosts whose fronts are to be waited for while open transactions end
public record MoveOrder(
    String id,
    MoveKind kind,
    PlanBinding binding,
    MoveReason reason,
    boolean forced,
    SortedSet<String> fronts) {}
