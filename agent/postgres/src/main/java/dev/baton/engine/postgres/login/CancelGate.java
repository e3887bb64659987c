package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.wire.StartupPacket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Passes cancel requests on to the sessions that they mean. A wrong key is answered like a right
/// one: not at all. Safe for any thread.
final class CancelGate {
  /// Each request that is passed on costs the instance a process; a flood must not keep others from
  /// logging in. What is beyond is dropped, as a lost request would be.
  static final int MAX_IN_FLIGHT = 32;

  private final CancelRegistry registry;
  private final AtomicInteger inFlight = new AtomicInteger();

  CancelGate(CancelRegistry registry) {
    this.registry = registry;
  }

  /// Completes when the client's connection is to be closed.
  CompletableFuture<Void> cancel(StartupPacket.CancelRequest request) {
    Optional<CancelRegistry.Canceller> session = registry.find(request.processId(), request.key());
    if (session.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
      inFlight.decrementAndGet();
      return CompletableFuture.completedFuture(null);
    }
    return session.get().cancel().whenComplete((_, _) -> inFlight.decrementAndGet());
  }
}
