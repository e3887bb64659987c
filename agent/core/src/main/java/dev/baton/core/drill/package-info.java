/// Drills: a failure that is caused on purpose, watched, taken back, and compared with what was
/// expected. Decides only; what is done to a database and how it is seen is its driver's matter.
@NullMarked
package dev.baton.core.drill;

import org.jspecify.annotations.NullMarked;
