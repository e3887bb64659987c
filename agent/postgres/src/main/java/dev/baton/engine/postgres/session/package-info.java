/// One client's session: cuts what the client sends into requests, stamps them, knows the
/// database's id of each transaction before it commits, holds the client when its home goes,
/// restores the session at the next home, replays what the log there does not cover, and gives the
/// client exactly one answer to each request.
@NullMarked
package dev.baton.engine.postgres.session;

import org.jspecify.annotations.NullMarked;
