/// The memory at a standby: stamped requests and the home's log, by position, bounded in bytes.
/// Compares the two, purges the redundant one, forwards the other.
@NullMarked
package dev.baton.core.memory;

import org.jspecify.annotations.NullMarked;
