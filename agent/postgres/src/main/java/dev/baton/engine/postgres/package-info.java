/// The PostgreSQL engine.
@NullMarked
package dev.baton.engine.postgres;

import org.jspecify.annotations.NullMarked;
