package dev.baton.engine.postgres.replication;

import dev.baton.core.engine.LogSource;
import dev.baton.core.memory.Memory;
import dev.baton.engine.postgres.backend.BackendRefused;
import dev.baton.engine.postgres.wal.WalFormat;
import dev.baton.engine.postgres.wal.WalFormatException;
import dev.baton.model.LogPosition;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives the home's log as one of its standbys, and is what the home's commits wait for: a
/// position is reported as flushed when the memory has all complete records before it. One report
/// follows each reading from the socket.
///
/// It uses no replication slot. A slot would follow what the memory has, which is ahead of what the
/// local instance has, so it would not keep what a new memory needs; and one left behind fills the
/// home's disk. `wal_keep_size` of the home bounds how long a break may be, after which the local
/// instance is seeded again.
final class WalCapture implements LogSource {
  private static final Logger LOG = LoggerFactory.getLogger(WalCapture.class);
  private static final String UNDEFINED_FILE = "58P01";

  private static final long FIRST_RETRY_MILLIS = 50;
  private static final long MAX_RETRY_MILLIS = 1_000;

  /// Between two looks at the clock; also the longest time between two reports to the home.
  private static final long TICK_MILLIS = 250;

  /// Silence after which the home is asked for a sign of life.
  private static final long ASK_MILLIS = 1_000;

  /// Silence after which the stream counts as broken.
  private static final long DEAD_MILLIS = 10_000;

  /// How far behind a report of what the local instance has replayed may be.
  private static final long APPLIED_MILLIS = 20;

  private final Memory memory;
  private final EventLoop loop;
  private final UpstreamConnector connector;
  private final HomeLink link;
  private final String application;
  private final List<Consumer<String>> brokenListeners = new ArrayList<>();
  private final List<Consumer<String>> goneListeners = new ArrayList<>(1);

  private boolean started;
  private long epoch;
  private String home = "";
  private LogPosition from = LogPosition.ZERO;

  /// Rises with each start, stop and break: answers to earlier attempts are dropped.
  private long attempt;

  private long retryMillis = FIRST_RETRY_MILLIS;
  private @Nullable Upstream upstream;
  private boolean streaming;
  private @Nullable CheckedLog checked;
  private @Nullable Future<?> tick;
  private boolean reportDue;
  private boolean appliedDue;
  private long heardNanos;
  private long reportedNanos;
  private String lastBroken = "";
  private volatile LogPosition homePosition = LogPosition.ZERO;
  private volatile LogPosition received = LogPosition.ZERO;

  WalCapture(
      Memory memory,
      EventLoop loop,
      UpstreamConnector connector,
      HomeLink link,
      String application) {
    this.memory = memory;
    this.loop = loop;
    this.connector = connector;
    this.link = link;
    this.application = application;
    onLoop(
        () -> {
          memory.log().onRoom(this::resumeReading);
          link.onApplied(this::appliedMoved);
          link.onGone(this::gone);
          link.onFeedback(this::passFeedback);
        });
  }

  @Override
  public void start(long newEpoch, String newHome, LogPosition position) {
    onLoop(
        () -> {
          drop("started anew");
          started = true;
          epoch = newEpoch;
          home = newHome;
          from = position;
          checked = null;
          retryMillis = FIRST_RETRY_MILLIS;
          lastBroken = "";
          connect();
        });
  }

  @Override
  public CompletionStage<LogPosition> stop() {
    CompletableFuture<LogPosition> end = new CompletableFuture<>();
    onLoop(
        () -> {
          if (started) {
            started = false;
            drop("stopped");
            LOG.info("epoch {}: receiving from {} stopped end={}", epoch, home, complete());
          }
          end.complete(complete());
        });
    return end;
  }

  @Override
  public LogPosition homePosition() {
    return homePosition;
  }

  @Override
  public LogPosition received() {
    return received;
  }

  @Override
  public void onBroken(Consumer<String> listener) {
    onLoop(() -> brokenListeners.add(listener));
  }

  @Override
  public void onGone(Consumer<String> listener) {
    onLoop(() -> goneListeners.add(listener));
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private LogPosition complete() {
    CheckedLog current = checked;
    return current == null ? memory.log().end() : current.complete();
  }

  private void connect() {
    long mine = ++attempt;
    connector
        .open(epoch, home, application)
        .whenComplete(
            (opened, failure) -> {
              if (mine != attempt) {
                if (opened != null) {
                  opened.close();
                }
              } else if (opened == null) {
                broken(reason(failure));
              } else {
                upstream = opened;
                identify(mine, opened);
              }
            });
  }

  private void identify(long mine, Upstream opened) {
    HomeIdentity.ask(opened)
        .whenComplete(
            (identity, failure) -> {
              if (mine != attempt) {
                return;
              }
              if (identity == null) {
                broken(reason(failure));
                return;
              }
              try {
                stream(mine, opened, identity);
              } catch (IllegalArgumentException | IllegalStateException e) {
                broken(reason(e));
              }
            });
  }

  private void stream(long mine, Upstream opened, HomeIdentity identity) {
    CheckedLog log = checked;
    if (log == null) {
      LogPosition start = WalFormat.segmentStart(from, identity.segmentBytes());
      log = new CheckedLog(memory, start, identity.segmentBytes(), identity.systemBits());
      checked = log;
    } else if (!log.isOf(identity.segmentBytes(), identity.systemBits())) {
      gone("another database answers: system " + identity.systemId());
      return;
    } else if (!log.resume()) {
      gone("a large record was damaged and part of it is in the memory, which must begin anew");
      return;
    }
    LogPosition at = log.received();
    received = at;
    homeIsAt(identity.end());
    link.met(epoch, home, identity);
    long timeline = identity.history().timelineAt(at);
    streaming = true;
    heardNanos = System.nanoTime();
    reportedNanos = heardNanos;
    LOG.info("epoch {}: receiving from {} timeline={} from={}", epoch, home, timeline, at);
    opened
        .copy("START_REPLICATION PHYSICAL " + at + " TIMELINE " + timeline, new Receiver())
        .whenComplete(
            (end, failure) -> {
              if (mine == attempt && isRemoved(failure)) {
                gone(reason(failure));
              } else if (mine == attempt) {
                broken(failure != null ? reason(failure) : "timeline " + timeline + " ended");
              }
            });
    report(false);
    opened.autoRead(true);
    scheduleTick();
  }

  private final class Receiver implements Upstream.BothWays {
    private final long mine = attempt;

    @Override
    public void data(ByteBuf data) {
      if (mine != attempt) {
        return;
      }
      heardNanos = System.nanoTime();
      switch (data.readByte()) {
        case ReplicationMessages.LOG -> receive(data);
        case ReplicationMessages.KEEP_ALIVE -> {
          homeIsAt(LogPosition.of(data.readLong()));
          data.skipBytes(Long.BYTES);
          reportDue |= data.readByte() != 0;
        }
        default -> broken("unknown message in the stream");
      }
    }

    @Override
    public void readComplete() {
      if (mine == attempt && reportDue) {
        report(false);
      }
    }
  }

  private void receive(ByteBuf data) {
    CheckedLog log = checked;
    Upstream current = upstream;
    if (log == null || current == null) {
      throw new IllegalStateException("log without a stream");
    }
    LogPosition at = LogPosition.of(data.readLong());
    homeIsAt(LogPosition.of(data.readLong()));
    data.skipBytes(Long.BYTES);
    if (!at.equals(log.received())) {
      broken("log at " + at + " does not follow " + log.received());
      return;
    }
    ByteBuffer bytes =
        data.nioBuffer(data.readerIndex(), data.readableBytes()).order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (!log.append(at, bytes)) {
        current.autoRead(false);
        link.memoryFull(true);
      }
    } catch (WalFormatException e) {
      broken(reason(e));
      return;
    }
    received = log.received();
    reportDue = true;
    retryMillis = FIRST_RETRY_MILLIS;
    lastBroken = "";
  }

  private void homeIsAt(LogPosition position) {
    homePosition = homePosition.max(position);
    link.homePosition(position);
  }

  private void report(boolean replyRequested) {
    Upstream current = upstream;
    CheckedLog log = checked;
    if (current == null || log == null || !streaming) {
      return;
    }
    reportDue = false;
    reportedNanos = System.nanoTime();
    LogPosition flushed = log.complete();
    LogPosition applied = link.applied();
    current.sendCopy(
        out -> ReplicationMessages.status(out, flushed, flushed, applied, replyRequested));
  }

  private void resumeReading() {
    link.memoryFull(false);
    Upstream current = upstream;
    if (current != null && !current.isAutoRead()) {
      heardNanos = System.nanoTime();
      current.autoRead(true);
    }
  }

  /// The home shows it to administrators, and sessions may wait for it (`remote_apply`); each move
  /// by itself is not worth a message.
  private void appliedMoved() {
    if (!appliedDue) {
      appliedDue = true;
      loop.schedule(
          () -> {
            appliedDue = false;
            report(false);
          },
          APPLIED_MILLIS,
          TimeUnit.MILLISECONDS);
    }
  }

  private void passFeedback(ByteBuf body) {
    Upstream current = upstream;
    if (current != null && streaming) {
      current.sendCopy(out -> out.writeBytes(body, body.readerIndex(), body.readableBytes()));
    }
  }

  private void scheduleTick() {
    Future<?> before = tick;
    if (before != null) {
      before.cancel(false);
    }
    tick = loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// While the memory is full nothing is read, so silence says nothing then; but the home must go
  /// on hearing from here, or it ends the stream.
  private void tick() {
    Upstream current = upstream;
    if (current == null || !streaming) {
      return;
    }
    long now = System.nanoTime();
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(now - heardNanos);
    if (current.isAutoRead() && silentMillis > DEAD_MILLIS) {
      broken("nothing was heard for " + silentMillis + " ms");
    } else if (TimeUnit.NANOSECONDS.toMillis(now - reportedNanos) >= TICK_MILLIS) {
      report(current.isAutoRead() && silentMillis > ASK_MILLIS);
    }
  }

  private void broken(String reason) {
    drop(reason);
    if (!started) {
      return;
    }
    if (!reason.equals(lastBroken)) {
      LOG.warn("epoch {}: log from {} is not received: {}", epoch, home, reason);
    }
    lastBroken = reason;
    List.copyOf(brokenListeners).forEach(listener -> listener.accept(reason));
    long mine = attempt;
    loop.schedule(
        () -> {
          if (started && mine == attempt) {
            connect();
          }
        },
        retryMillis,
        TimeUnit.MILLISECONDS);
    retryMillis = Math.min(2 * retryMillis, MAX_RETRY_MILLIS);
  }

  private void gone(String reason) {
    drop(reason);
    started = false;
    LOG.warn("epoch {}: log from {} is gone: {}", epoch, home, reason);
    List.copyOf(goneListeners).forEach(listener -> listener.accept(reason));
  }

  /// The home has removed the segment that is needed next.
  static boolean isRemoved(@Nullable Throwable failure) {
    return cause(failure) instanceof BackendRefused refused
        && refused.fields().code().equals(UNDEFINED_FILE);
  }

  private void drop(String reason) {
    attempt++;
    streaming = false;
    reportDue = false;
    Future<?> ticking = tick;
    tick = null;
    if (ticking != null) {
      ticking.cancel(false);
    }
    Upstream current = upstream;
    upstream = null;
    if (current != null) {
      LOG.debug("epoch {}: stream from {} dropped: {}", epoch, home, reason);
      current.close();
    }
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable cause = cause(failure);
    if (cause == null) {
      return "unknown";
    }
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }
}
