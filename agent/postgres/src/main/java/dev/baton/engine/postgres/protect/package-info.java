/// Protecting an instance that was made outside of Baton: facts are gathered by SQL and from files,
/// judged by a pure check, and the instance is taken over and given back.
@NullMarked
package dev.baton.engine.postgres.protect;

import org.jspecify.annotations.NullMarked;
