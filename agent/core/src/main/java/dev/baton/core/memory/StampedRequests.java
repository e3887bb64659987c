package dev.baton.core.memory;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;

/// Where the stamped requests of one front come into a memory, in the front's order. Confined to
/// the memory's thread. What is told of a transaction that this memory has not seen from its first
/// request on, because it joined later, changes nothing.
public interface StampedRequests {
  /// @param request read before this returns, not kept
  /// @throws IllegalArgumentException when the request's number does not rise within its session
  void stamped(Stamp stamp, long firstRequest, ByteBuffer request);

  /// As `stamped`, for a request whose bytes are not sent because there are too many of them. Its
  /// transaction cannot be replayed from here.
  void stampedWithoutBytes(Stamp stamp, long firstRequest);

  void identified(long session, long firstRequest, long transaction);

  /// @throws IllegalArgumentException when a transaction without an id is told as committed
  void ended(long session, long firstRequest, Ending ending);

  void forwarded(long session, long firstRequest, int requests);

  /// The gate of durability `request`.
  ///
  /// @param answersDigest kept with the transaction
  /// @return true when every request of the session up to `request` is held whole or covered; false
  ///   when one is missing, was dropped at the bound, or was sent before this memory joined: the
  ///   commit must then not be sent
  boolean acknowledge(long session, long request, long answersDigest);

  /// The front is gone for good, or begins anew with an empty stream: its sessions are forgotten.
  void forget();
}
