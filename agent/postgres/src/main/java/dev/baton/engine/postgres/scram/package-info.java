/// SCRAM-SHA-256 (RFC 5802, RFC 7677) as PostgreSQL speaks it, both sides, without any I/O. As
/// server it recovers the client's key from the proof; as client that key is enough to log in to
/// every instance that has the same verifier. A password is never kept.
@NullMarked
package dev.baton.engine.postgres.scram;

import org.jspecify.annotations.NullMarked;
