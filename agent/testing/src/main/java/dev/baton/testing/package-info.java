/// What the tests of several modules need: waiting with a bound, ports that stay free,
/// certificates.
@NullMarked
package dev.baton.testing;

import org.jspecify.annotations.NullMarked;
