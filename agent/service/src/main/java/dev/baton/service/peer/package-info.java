/// What agents say to each other, and the door. On one port (6433): calls with JSON bodies, streams
/// of stamped requests from a front to a memory, and byte streams through the door to the host's
/// instance, each on a connection of its own so that none holds up another.
///
/// Every connection begins with the same hello: both sides prove that they hold the cluster's
/// secret without saying it ([Handshake]). The bytes are not encrypted, so everything here binds to
/// the loopback address; TLS belongs in front of the frame decoder in [PeerPipeline].
@NullMarked
package dev.baton.service.peer;

import org.jspecify.annotations.NullMarked;
