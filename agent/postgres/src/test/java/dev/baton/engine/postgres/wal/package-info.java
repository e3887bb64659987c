@NullMarked
package dev.baton.engine.postgres.wal;

import org.jspecify.annotations.NullMarked;
