/// One agent, wired: its configuration, its processes' parts, and for each service on its host one
/// driver that feeds the pure machines of `core.cluster` and `core.move` with events and carries
/// out their commands.
@NullMarked
package dev.baton.service.agent;

import org.jspecify.annotations.NullMarked;
