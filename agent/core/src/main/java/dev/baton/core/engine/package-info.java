/// What the rest of Baton needs of a database engine. Nothing outside an engine's own packages
/// knows which database it is.
@NullMarked
package dev.baton.core.engine;

import org.jspecify.annotations.NullMarked;
