/// An agent's control interface for tests: a small server over sockets, and a cluster to tell of.
@NullMarked
package dev.baton.console.fake;

import org.jspecify.annotations.NullMarked;
