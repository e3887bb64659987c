/// The move of a service from one host to another, as a pure machine that runs at the target, and
/// the plan that an operator sees before it: guardrails, data at risk, and what the plan is bound
/// to. Knows neither the record nor the network; `core.cluster` does.
@NullMarked
package dev.baton.core.move;

import org.jspecify.annotations.NullMarked;
