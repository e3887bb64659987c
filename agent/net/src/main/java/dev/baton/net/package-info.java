/// Sockets that engine and service share: event loops, and the way to an instance.
@NullMarked
package dev.baton.net;

import org.jspecify.annotations.NullMarked;
