/// A connection to an instance: opened, logged in, ready for its first request. Used by the agents'
/// own questions and by clients' sessions alike.
@NullMarked
package dev.baton.engine.postgres.backend;

import org.jspecify.annotations.NullMarked;
