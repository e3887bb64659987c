/// Hosts, databases, memories, clients and a coordination service as models, driven by one seed and
/// a virtual clock, around the real role and move machines. What was promised is checked after
/// every event.
@NullMarked
package dev.baton.core.simulation;

import org.jspecify.annotations.NullMarked;
