/// What a front knows of the way to a service: where its home is, what became of a transaction, and
/// where its stamped requests go.
@NullMarked
package dev.baton.core.route;

import org.jspecify.annotations.NullMarked;
