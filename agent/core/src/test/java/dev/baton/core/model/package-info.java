/// A small model of what keeps an acknowledged commit: acknowledgement, in-sync set, lease, and
/// take-over, explored in every order of steps that there is within its bounds. The simulation
/// tries the real machines by chance; here the rules themselves are tried, without chance.
@NullMarked
package dev.baton.core.model;

import org.jspecify.annotations.NullMarked;
