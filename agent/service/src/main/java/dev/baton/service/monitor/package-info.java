/// Load and configuration of the host, measured once a second on a thread of its own. What it costs
/// is measured too.
@NullMarked
package dev.baton.service.monitor;

import org.jspecify.annotations.NullMarked;
