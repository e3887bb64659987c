package dev.baton.service.peer;

import dev.baton.net.BackendConnector.DoorClosedException;
import dev.baton.net.BackendConnector.Purpose;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may reach the instances of this host, and which streams do. Client work passes in exactly
/// one epoch; what is a twin when the door opens is client work from then on. Closing cuts the
/// streams with a reset, so that nothing that lies in a buffer reaches the instance afterwards (a
/// COMMIT in a dead connection's buffer must not run later).
///
/// Changes come from one thread for each service; streams come and go on any event loop. A stream
/// is entered first and looks at the door a second time; closing changes the door first and then
/// looks at the streams. So one of the two always sees the other, without a lock.
public final class DoorPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(DoorPolicy.class);
  private static final State NEVER_OPENED =
      new State(0, Set.of(), "it has not been opened since the agent started");

  private final Map<String, Entry> services = new ConcurrentHashMap<>();

  private static final class Entry {
    final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    volatile State state = NEVER_OPENED;

    /// `System.nanoTime()` at which the right to pass client work ends; only looked at when
    /// bounded.
    volatile long untilNanos;

    volatile boolean bounded;

    boolean isOver() {
      return bounded && state.work() && System.nanoTime() - untilNanos >= 0;
    }
  }

  private record State(long epoch, Set<Purpose> admitted, String reason) {
    boolean work() {
      return admitted.contains(Purpose.WORK);
    }
  }

  /// A way through the door. `cut` ends it at once.
  private static final class Stream {
    private final String service;
    private final Entry entry;
    private final long epoch;
    private final Purpose purpose;
    private final boolean local;
    private final List<Channel> channels;

    private Stream(
        String service,
        Entry entry,
        long epoch,
        Purpose purpose,
        boolean local,
        List<Channel> channels) {
      this.service = service;
      this.entry = entry;
      this.epoch = epoch;
      this.purpose = purpose;
      this.local = local;
      this.channels = channels;
    }

    private CompletableFuture<Void> cut() {
      CompletableFuture<?>[] closed = new CompletableFuture<?>[channels.size()];
      for (int i = 0; i < closed.length; i++) {
        CompletableFuture<Void> one = new CompletableFuture<>();
        Channel channel = channels.get(i);
        channel.closeFuture().addListener(done -> one.complete(null));
        PeerPipeline.reset(channel);
        closed[i] = one;
      }
      return CompletableFuture.allOf(closed);
    }
  }

  /// Lets these streams through for `epoch` or a later one, and no client work.
  public void admit(String service, long epoch, Set<Purpose> purposes) {
    if (purposes.contains(Purpose.WORK)) {
      throw new IllegalArgumentException("client work is let through by open");
    }
    change(
        service, new State(epoch, Set.copyOf(purposes), "only " + purposes + " are let through"));
  }

  /// Lets client work of exactly this epoch through, and replication and administration. Twins that
  /// are there become client work.
  public void open(String service, long epoch) {
    change(
        service,
        new State(
            epoch, EnumSet.of(Purpose.WORK, Purpose.REPLICATION, Purpose.ADMIN), "it is open"));
  }

  /// Client work passes until `untilNanos` by `System.nanoTime()`; whatever comes later, in either
  /// direction, ends its stream. An agent that was stopped and goes on must not pass on what lies
  /// in its sockets before it has looked at the time.
  public void hold(String service, long untilNanos) {
    Entry entry = entry(service);
    entry.untilNanos = untilNanos;
    entry.bounded = true;
  }

  /// Whether client work may pass as far as the time is concerned.
  public boolean holds(String service) {
    return !entry(service).isOver();
  }

  /// Cuts all client work, twins that have become client work among it, and lets no new one
  /// through. Completes when the last stream is closed. Everything else stays.
  public CompletionStage<Void> closeWork(String service, String reason) {
    State before = entry(service).state;
    EnumSet<Purpose> rest = EnumSet.noneOf(Purpose.class);
    rest.addAll(before.admitted());
    rest.remove(Purpose.WORK);
    change(service, new State(before.epoch(), rest, reason));
    boolean twinsWork = before.work();
    return cut(
        service,
        reason,
        stream -> stream.purpose == Purpose.WORK || (twinsWork && stream.purpose == Purpose.TWIN));
  }

  /// Cuts every stream, and lets none through but this agent's own questions. Completes when the
  /// last stream is closed.
  public CompletionStage<Void> closeAll(String service, String reason) {
    change(service, new State(entry(service).state.epoch(), Set.of(), reason));
    return cut(service, reason, stream -> true);
  }

  /// Streams that pass now.
  public int streams(String service, Purpose purpose) {
    return (int)
        entry(service).streams.stream().filter(stream -> stream.purpose == purpose).count();
  }

  private void change(String service, State next) {
    Entry entry = entry(service);
    LOG.info(
        "service={} door epoch={} admits={}: {}",
        service,
        next.epoch(),
        next.admitted(),
        next.reason());
    entry.state = next;
  }

  private CompletionStage<Void> cut(String service, String reason, Predicate<Stream> which) {
    List<CompletableFuture<Void>> closed = new ArrayList<>();
    Collection<Stream> streams = entry(service).streams;
    for (Stream stream : streams) {
      if (which.test(stream)) {
        closed.add(stream.cut());
      }
    }
    if (!closed.isEmpty()) {
      LOG.info("service={} door cut streams={}: {}", service, closed.size(), reason);
    }
    return CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new));
  }

  /// @throws DoorClosedException saying why
  void check(String service, long epoch, Purpose purpose, boolean local)
      throws DoorClosedException {
    State state = entry(service).state;
    if (local && purpose == Purpose.ADMIN) {
      return;
    }
    boolean rightEpoch = purpose == Purpose.WORK ? epoch == state.epoch() : epoch >= state.epoch();
    if (!state.admitted().contains(purpose) || !rightEpoch) {
      throw new DoorClosedException(
          "the door of service %s is closed for %s of epoch %d: %s, epoch %d"
              .formatted(service, purpose, epoch, state.reason(), state.epoch()));
    }
    if (purpose == Purpose.WORK && entry(service).isOver()) {
      throw new DoorClosedException(
          "the door of service %s is closed for %s of epoch %d: the lease has ended"
              .formatted(service, purpose, epoch));
    }
  }

  /// Enters a stream that has been let through and is connected.
  ///
  /// @param channels all that must be closed to cut it
  /// @throws DoorClosedException when the door has closed since; the channels are then reset
  void enter(String service, long epoch, Purpose purpose, boolean local, List<Channel> channels)
      throws DoorClosedException {
    Entry entry = entry(service);
    Stream stream = new Stream(service, entry, epoch, purpose, local, channels);
    entry.streams.add(stream);
    channels.getFirst().closeFuture().addListener(closed -> entry.streams.remove(stream));
    try {
      check(stream);
    } catch (DoorClosedException e) {
      stream.cut();
      throw e;
    }
  }

  private void check(Stream stream) throws DoorClosedException {
    State state = stream.entry.state;
    if (stream.purpose == Purpose.TWIN && state.work() && stream.epoch < state.epoch()) {
      return; // the door opened for the next epoch while the twin was connecting
    }
    check(stream.service, stream.epoch, stream.purpose, stream.local);
  }

  private Entry entry(String service) {
    return services.computeIfAbsent(service, name -> new Entry());
  }
}
