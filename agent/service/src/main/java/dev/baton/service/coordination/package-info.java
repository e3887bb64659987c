/// Coordination over ZooKeeper: one node a service, changed by compare-and-set on its version, and
/// one ephemeral node an agent. No data of a client passes through it.
@NullMarked
package dev.baton.service.coordination;

import org.jspecify.annotations.NullMarked;
