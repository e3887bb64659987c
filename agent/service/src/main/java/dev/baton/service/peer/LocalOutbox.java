package dev.baton.service.peer;

import dev.baton.core.memory.StampedRequests;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Into a memory of this process: no connection, no numbers, the memory's own thread. What is
/// offered while there is no memory is dropped; a memory that comes later begins in the middle of
/// transactions, which it knows.
final class LocalOutbox implements Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(LocalOutbox.class);

  private final String service;
  private final String front;
  private final long epoch;
  private final MemoryHost memories;
  private volatile boolean closed;

  LocalOutbox(String service, String front, long epoch, MemoryHost memories) {
    this.service = service;
    this.front = front;
    this.epoch = epoch;
    this.memories = memories;
  }

  @Override
  public void offer(byte[] message) {
    apply(message, (gate, whole) -> {});
  }

  @Override
  public CompletionStage<Void> gate(long session, long request, long answersDigest) {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    memories.onLoop(
        service,
        intake -> {
          boolean whole =
              intake != null
                  && !closed
                  && intake.epoch() == epoch
                  && intake.memory().requests(front).acknowledge(session, request, answersDigest);
          if (whole) {
            passed.complete(null);
          } else {
            passed.completeExceptionally(
                new PeerException(
                    PeerError.MISSING_SEQUENCE, "the memory does not hold all of the transaction"));
          }
        });
    return passed;
  }

  private void apply(byte[] message, RequestMessage.Gates gates) {
    if (closed) {
      return;
    }
    memories.onLoop(
        service,
        intake -> {
          if (intake == null) {
            return;
          }
          StampedRequests requests = intake.memory().requests(front);
          try {
            RequestMessage.apply(
                Unpooled.wrappedBuffer(message), intake.epoch() != epoch, requests, gates);
          } catch (PeerException e) {
            LOG.warn("service={} memory refused a request: {}", service, e.getMessage());
            requests.forget();
          }
        });
  }

  @Override
  public void close(boolean recordedOut) {
    closed = true;
  }
}
