package dev.baton.core.memory;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.core.route.Route.Fate;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MemoryView.UncoveredView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The memory of one service at one standby, for one generation: the home's log, the commits in it,
/// and the stamped requests of every front. A new start or a new join gets a new, empty memory.
///
/// Confined to the thread of the executor it was made with; a call from another thread throws.
public final class ServiceMemory implements Memory, AutoCloseable {
  private static final int UNCOVERED_SHOWN = 100;

  private final String service;
  private final String host;
  private final long generation;
  private final MemoryBounds bounds;
  private final LongSupplier nanoTime;
  private final @Nullable Spill spill;
  private final ChunkedLog log;
  private final CommitIndex index;
  private final Deduplication deduplication;
  private final CommitSink commits = new Commits();
  private volatile @Nullable Thread owner;
  private LogPosition complete = LogPosition.ZERO;
  private @Nullable LogPosition settled;

  /// @param generation as it is recorded with the in-sync set
  /// @param spillFile disposable file for log beyond the bound of RAM, deleted now and at the end;
  ///   null: nothing is spilled
  /// @param thread single-threaded; every other method is called on its thread
  /// @param nanoTime such as `System::nanoTime`
  public ServiceMemory(
      String service,
      String host,
      long generation,
      MemoryBounds bounds,
      @Nullable Path spillFile,
      Executor thread,
      LongSupplier nanoTime) {
    this.service = service;
    this.host = host;
    this.generation = generation;
    this.bounds = bounds;
    this.nanoTime = nanoTime;
    this.spill = spillFile == null ? null : new SqliteSpill(spillFile, thread);
    this.log = new ChunkedLog(bounds, spill, this::checkThread);
    this.index = new CommitIndex(bounds.commitIds());
    this.deduplication = new Deduplication(bounds.requestBytes(), index);
    thread.execute(() -> owner = Thread.currentThread());
  }

  public String service() {
    return service;
  }

  public long generation() {
    return generation;
  }

  @Override
  public LogStore log() {
    return log;
  }

  @Override
  public CommitSink commits() {
    return commits;
  }

  /// Where the requests of a front come in. Two calls for the same front give the same requests.
  public StampedRequests requests(String front) {
    return new FrontRequests(front);
  }

  /// End of the last complete record that the log source told; zero before the first.
  public LogPosition complete() {
    checkThread();
    return complete;
  }

  /// The log has stopped for good and this generation takes over: all that was received up to
  /// `position` was relayed and replayed. From now on no log comes in and fates are told.
  public void settle(LogPosition position) {
    checkThread();
    LogPosition before = settled;
    if (before != null && !before.equals(position)) {
      throw new IllegalStateException(
          "already settled at " + before + ", not settling at " + position);
    }
    settled = position;
    log.settle();
  }

  /// What became of a transaction: committed if and only if its complete commit record lies at or
  /// before the settled position. Empty when the record may have left the bounded index, so that
  /// this memory cannot tell; the instance, before it is promoted, can.
  ///
  /// @param transaction the database's id of it, of which the lower 32 bits are compared
  /// @throws IllegalStateException before `settle`, since more log may still come
  public Optional<Fate> fate(long transaction) {
    checkThread();
    LogPosition upTo = settled;
    if (upTo == null) {
      throw new IllegalStateException("fate of " + transaction + " asked before the log settled");
    }
    return index
        .committed(transaction, upTo)
        .map(committed -> committed ? Fate.COMMITTED : Fate.NOT_COMMITTED);
  }

  /// What no log covers, oldest first.
  public List<UncoveredTransaction> uncovered() {
    checkThread();
    return deduplication.uncovered().stream().map(UncoveredTransaction::of).toList();
  }

  /// @param measuredAt the time now
  public MemoryView view(Instant measuredAt) {
    checkThread();
    long now = nanoTime.getAsLong();
    Deduplication.Counts counts = deduplication.counts();
    return new MemoryView(
        service,
        host,
        generation,
        counts.stamped(),
        counts.purged(),
        counts.forwarded(),
        counts.held(),
        counts.heldBytes(),
        log.receivedBytes(),
        log.forwardedBytes(),
        counts.logBytesPurged(),
        log.heldBytes(),
        index.indexed(),
        log.ramBytes() + counts.heldBytes(),
        log.ramBytesMax() + counts.heldBytesMax(),
        bounds.bytes(),
        log.diskBytes(),
        complete,
        deduplication.uncovered().stream()
            .limit(UNCOVERED_SHOWN)
            .map(held -> uncoveredView(held, now))
            .toList(),
        measuredAt);
  }

  private static UncoveredView uncoveredView(HeldTransaction held, long nowNanos) {
    return new UncoveredView(
        held.session,
        held.firstRequest,
        held.requests,
        held.bytes,
        held.firstStamp,
        held.transaction == 0 ? null : held.transaction,
        (nowNanos - held.sinceNanos) / 1e6);
  }

  /// Requests dropped without having been compared: those of fronts that are gone, and the oldest
  /// when records of transactions alone fill the bound.
  public long requestsDiscarded() {
    checkThread();
    return deduplication.counts().discarded();
  }

  /// Transactions of which only the stamps were kept, because the bound was reached.
  public long transactionsThinned() {
    checkThread();
    return deduplication.counts().thinned();
  }

  @Override
  public void close() {
    checkThread();
    if (spill != null) {
      spill.close();
    }
  }

  private void checkThread() {
    Thread expected = owner;
    if (expected != null && expected != Thread.currentThread()) {
      throw new IllegalStateException(
          "memory of "
              + service
              + " belongs to "
              + expected.getName()
              + ", called on "
              + Thread.currentThread().getName());
    }
  }

  private final class Commits implements CommitSink {
    @Override
    public void committed(long[] transactions, LogPosition end) {
      checkThread();
      deduplication.committed(transactions, end);
    }

    @Override
    public void aborted(long[] transactions, LogPosition end) {
      checkThread();
      deduplication.aborted(transactions);
    }

    @Override
    public void complete(LogPosition end) {
      checkThread();
      complete = complete.max(end);
    }

    @Override
    public void changed(long transaction, int bytes) {
      deduplication.changed(transaction, bytes);
    }
  }

  private final class FrontRequests implements StampedRequests {
    private final String front;

    FrontRequests(String front) {
      this.front = front;
    }

    @Override
    public void stamped(Stamp stamp, long firstRequest, ByteBuffer request) {
      take(stamp, firstRequest, request);
    }

    @Override
    public void stampedWithoutBytes(Stamp stamp, long firstRequest) {
      take(stamp, firstRequest, null);
    }

    private void take(Stamp stamp, long firstRequest, @Nullable ByteBuffer request) {
      checkThread();
      if (settled == null) {
        deduplication.stamped(front, stamp, firstRequest, request, nanoTime.getAsLong());
      }
    }

    @Override
    public void identified(long session, long firstRequest, long transaction) {
      checkThread();
      deduplication.identified(front, session, firstRequest, transaction);
    }

    @Override
    public void ended(long session, long firstRequest, Ending ending) {
      checkThread();
      deduplication.ended(front, session, firstRequest, ending);
    }

    @Override
    public void forwarded(long session, long firstRequest, int requests) {
      checkThread();
      deduplication.forwarded(front, session, firstRequest);
    }

    @Override
    public boolean acknowledge(long session, long request, long answersDigest) {
      checkThread();
      return settled == null && deduplication.acknowledge(front, session, request, answersDigest);
    }

    @Override
    public void forget() {
      checkThread();
      deduplication.forgetFront(front);
    }
  }
}
