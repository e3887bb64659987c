/// Access rules in the manner of `pg_hba.conf`: who may come in from where, with or without TLS,
/// and how that client proves who it is. Pure; the front looks a client up when its start-up packet
/// is there. The database sees the agent's address, so these rules, not its own, are the ones that
/// know the client's.
@NullMarked
package dev.baton.engine.postgres.access;

import org.jspecify.annotations.NullMarked;
