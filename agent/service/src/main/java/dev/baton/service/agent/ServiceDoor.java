package dev.baton.service.agent;

import dev.baton.net.BackendConnector.Purpose;
import dev.baton.service.peer.DoorPolicy;
import java.util.EnumSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This host's door for one service.
final class ServiceDoor implements ClientHands.Door {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceDoor.class);

  /// Ending a stream needs its event loop only.
  private static final long CUT_MILLIS = 1_000;

  private final DoorPolicy policy;
  private final String service;

  ServiceDoor(DoorPolicy policy, String service) {
    this.policy = policy;
    this.service = service;
  }

  @Override
  public void admitStandbys(long epoch) {
    policy.admit(service, epoch, EnumSet.of(Purpose.REPLICATION, Purpose.ADMIN));
  }

  /// The local instance is a standby: spare backends may wait on it.
  void admitTwins(long epoch) {
    policy.admit(service, epoch, EnumSet.of(Purpose.TWIN, Purpose.ADMIN));
  }

  @Override
  public void open(long epoch) {
    policy.open(service, epoch);
  }

  @Override
  public void holdLease(long untilNanos) {
    policy.hold(service, untilNanos);
  }

  /// False when the right to pass client work has run out.
  boolean holdsLease() {
    return policy.holds(service);
  }

  @Override
  public void closeToClients(String reason) {
    await(policy.closeWork(service, reason));
  }

  @Override
  public void closeToAll(String reason) {
    await(policy.closeAll(service, reason));
  }

  private void await(CompletionStage<Void> cut) {
    try {
      cut.toCompletableFuture().orTimeout(CUT_MILLIS, TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      // New streams are refused already, and the instance is ended next.
      LOG.warn("service={} streams were not cut within {} ms", service, CUT_MILLIS);
    }
  }
}
