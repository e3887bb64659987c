package dev.baton.service.peer;

import io.netty.buffer.ByteBuf;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One front's stream to the memory of one service on another host. Callers put messages into a
/// queue; everything else happens on the link's event loop, a whole queue at a time.
///
/// What is kept for sending again is bounded. At the bound the stream begins anew without what it
/// held: the memory forgets this front's transactions, and open gates fail.
final class RemoteOutbox implements Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteOutbox.class);
  static final long KEPT_BYTES = 16 << 20;
  private static final int BATCH_BYTES = 256 << 10;
  private static final long RETRY_MILLIS = 20;
  private static final AtomicLong GATES = new AtomicLong();

  private final String service;
  private final long epoch;
  private final RequestLink link;
  private final SendStream stream;
  private final OpenGates gates = new OpenGates();
  private final Queue<Offered> offered = new ConcurrentLinkedQueue<>();
  private final AtomicLong offeredBytes = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean dropped = new AtomicBoolean();
  private volatile boolean closed;
  private boolean asking;

  private static final class Offered {
    final byte[] message;

    /// Both for gates only.
    final long gate;

    final @Nullable CompletableFuture<Void> passed;

    Offered(byte[] message, long gate, @Nullable CompletableFuture<Void> passed) {
      this.message = message;
      this.gate = gate;
      this.passed = passed;
    }
  }

  RemoteOutbox(String service, long epoch, RequestLink link) {
    this.service = service;
    this.epoch = epoch;
    this.link = link;
    this.stream = new SendStream(link.newStreamId(), KEPT_BYTES);
  }

  String service() {
    return service;
  }

  long epoch() {
    return epoch;
  }

  long streamId() {
    return stream.id();
  }

  @Override
  public void offer(byte[] message) {
    put(new Offered(message, 0, null));
  }

  @Override
  public CompletionStage<Void> gate(long session, long request, long answersDigest) {
    long gate = GATES.incrementAndGet();
    CompletableFuture<Void> passed = new CompletableFuture<>();
    put(new Offered(RequestMessage.gate(gate, session, request, answersDigest), gate, passed));
    return passed;
  }

  private void put(Offered message) {
    int bytes = message.message.length;
    if (offeredBytes.addAndGet(bytes) > KEPT_BYTES) {
      // The loop is stuck; the stream will begin anew when it is not.
      offeredBytes.addAndGet(-bytes);
      dropped.set(true);
      refuse(message);
      return;
    }
    offered.add(message);
    if (scheduled.compareAndSet(false, true)) {
      link.loop().execute(this::drain);
    }
  }

  private static void refuse(Offered message) {
    CompletableFuture<Void> passed = message.passed;
    if (passed != null) {
      passed.completeExceptionally(full());
    }
  }

  private static PeerException full() {
    return new PeerException(PeerError.TOO_LONG, "too many requests wait to be sent to the memory");
  }

  private void drain() {
    scheduled.set(false);
    boolean gap = dropped.getAndSet(false);
    for (Offered next = offered.poll(); next != null; next = offered.poll()) {
      offeredBytes.addAndGet(-next.message.length);
      if (gap || closed) {
        refuse(next);
      } else {
        add(next);
      }
    }
    if (gap && !closed) {
      overflow();
    }
    flush();
  }

  private void add(Offered next) {
    CompletableFuture<Void> passed = next.passed;
    long sequence = stream.add(next.message);
    if (sequence == 0) {
      overflow();
      sequence = stream.add(next.message);
    }
    if (passed != null) {
      gates.asked(next.gate, next.message, passed, sequence);
    }
  }

  private void overflow() {
    LOG.warn(
        "service={} memory={} takes no requests, {} bytes dropped; it forgets this front's"
            + " transactions",
        service,
        link.host(),
        stream.keptBytes());
    gates.endAll(full());
    stream.clear(link.newStreamId());
    ask();
  }

  /// On the loop: there is a connection now, or the memory may be there now. Asking again while an
  /// answer is under way is harmless: the second answer finds the stream as the first left it.
  void ask() {
    if (!closed && link.connected()) {
      link.open(this, stream.id(), stream.firstKept());
    }
  }

  /// On the loop: the connection is gone.
  void broke() {
    stream.broke();
  }

  /// On the loop.
  void opened(long next, long allowedBytes) throws PeerException {
    stream.resume(next, allowedBytes);
    gates.askAgain(next, stream);
    flush();
  }

  /// On the loop.
  void acknowledged(long upTo, long allowedBytes) throws PeerException {
    stream.acknowledged(upTo, allowedBytes);
    flush();
  }

  /// On the loop.
  void gateAnswered(long gate, boolean whole) {
    gates.answered(gate, whole);
  }

  /// On the loop: the memory does not know the stream, or takes none now.
  void reset(PeerException reason) {
    stream.broke();
    if (reason.error() == PeerError.MISSING_SEQUENCE) {
      gates.renumber(stream.firstKept() - 1);
      stream.restart(link.newStreamId());
      ask();
      return;
    }
    LOG.debug("service={} memory={} not now: {}", service, link.host(), reason.getMessage());
    if (reason.error() == PeerError.STALE_EPOCH) {
      gates.endAll(reason);
    } else if (!asking) {
      asking = true;
      link.loop()
          .schedule(
              () -> {
                asking = false;
                ask();
              },
              RETRY_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  private void flush() {
    boolean wrote = false;
    for (SendStream.Batch batch = next(); batch != null; batch = next()) {
      link.write(this, batch);
      wrote = true;
    }
    if (wrote) {
      link.flush();
    }
  }

  private SendStream.@Nullable Batch next() {
    return link.writable() ? stream.next(BATCH_BYTES) : null;
  }

  /// On the loop: the socket takes more.
  void writableAgain() {
    flush();
  }

  static void writeMessages(ByteBuf frame, SendStream.Batch batch) {
    for (byte[] message : batch.messages()) {
      frame.writeInt(message.length).writeBytes(message);
    }
  }

  @Override
  public void close(boolean recordedOut) {
    link.loop()
        .execute(
            () -> {
              drain();
              closed = true;
              gates.endAll(
                  recordedOut
                      ? null
                      : new PeerException(PeerError.STALE_EPOCH, "epoch " + epoch + " has ended"));
              stream.clear(stream.id());
              link.remove(this);
            });
  }
}
