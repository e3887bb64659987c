/// Drills on this host: planned, run by a single thread with a pure machine (`core.drill`), written
/// down as they go, and taken back whatever happens.
@NullMarked
package dev.baton.service.drill;

import org.jspecify.annotations.NullMarked;
