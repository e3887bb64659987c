package dev.baton.service.peer;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Where the other agents listen. Asked at each attempt to connect, from any thread.
@FunctionalInterface
public interface PeerDirectory {
  /// Null while it is not known.
  @Nullable InetSocketAddress address(String host);
}
