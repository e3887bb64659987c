/// The log's way from the home to the local instance: a copy of the database to begin with
/// (`BaseBackup`), then capture into the memory (`WalCapture`), and from there the relay to the
/// local instance (`WalRelay`). The home takes the capture for a standby and waits for it; the
/// local instance takes the relay for its primary.
///
/// Everything but the base backup is confined to the memory's event loop. Source of the protocol's
/// facts: the chapter "Streaming Replication Protocol" of PostgreSQL's documentation, and trials
/// with 15 and 18.
@NullMarked
package dev.baton.engine.postgres.replication;

import org.jspecify.annotations.NullMarked;
