/// Records of PostgreSQL's log: taken out of its pages, checked, and read for the ends of
/// transactions. Bytes go in at their positions, in whatever pieces the network gives them;
/// complete records come out, and of these the commits and aborts, which alone decide what became
/// of a transaction.
@NullMarked
package dev.baton.engine.postgres.wal;

import org.jspecify.annotations.NullMarked;
