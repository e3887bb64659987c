/// What agent and console both say: positions in a log, stamps, and how durable a commit is.
@NullMarked
package dev.baton.model;

import org.jspecify.annotations.NullMarked;
