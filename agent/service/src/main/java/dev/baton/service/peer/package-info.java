/// What agents say to each other, and the door. On one port (6433): calls with JSON bodies, streams
/// of stamped requests from a front to a memory, and byte streams through the door to the host's
/// instance, each on a connection of its own so that none holds up another.
///
/// Every connection begins with the same hello: both sides prove that they hold the cluster's
/// secret without saying it ([Handshake]). Below it is TLS 1.3, in which both sides show
/// certificates that name cluster and host ([dev.baton.service.tls]); without it only the loopback
/// address is listened on.
@NullMarked
package dev.baton.service.peer;

import org.jspecify.annotations.NullMarked;
