/// The local server: its binaries, its processes, its data directory and its settings. Starts,
/// stops, ends, promotes and re-points one instance, and tells as early as it can be known when the
/// instance is no longer there for clients.
@NullMarked
package dev.baton.engine.postgres.instance;

import org.jspecify.annotations.NullMarked;
