/// The way to the agents: the stream of a control interface with resume and reconnection, and the
/// requests for plans and moves. Knows shared-model and the JDK's HTTP client; nothing of windows.
@NullMarked
package dev.baton.console.link;

import org.jspecify.annotations.NullMarked;
