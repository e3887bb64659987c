package dev.baton.engine.postgres.instance;

import dev.baton.core.engine.Instance.Going;
import dev.baton.core.engine.Instance.Going.Cause;
import dev.baton.model.LogPosition;
import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches one run of a server: looks at its main process and status file every 20 ms, and keeps
/// asking it on a kept connection, and on new ones while that one is silent. A slow query hurts
/// neither. Tells the end of a run once; a server that was frozen and comes back is told anew when
/// it goes again.
final class LivenessWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LivenessWatch.class);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);
  private static final Duration ASK_INTERVAL = Duration.ofMillis(100);
  private static final Duration REOPEN_INTERVAL = Duration.ofMillis(200);
  private static final Duration NEW_CONNECTION_AFTER = Duration.ofMillis(300);
  private static final Duration NEW_CONNECTION_BOUND = Duration.ofSeconds(1);

  private final InstanceSettings settings;
  private final Process process;
  private final Consumer<LogPosition> observed;
  private final Consumer<Going> listener;
  private final AtomicLong answers = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicBoolean askingAnew = new AtomicBoolean();
  private volatile boolean closed;
  private volatile LivenessJudge judge = LivenessJudge.start(System.nanoTime());

  /// @param observed told where the log stands, with each sign of life on the kept connection
  LivenessWatch(
      InstanceSettings settings,
      Process process,
      Consumer<LogPosition> observed,
      Consumer<Going> listener) {
    this.settings = settings;
    this.process = process;
    this.observed = observed;
    this.listener = listener;
  }

  void start() {
    String name = settings.service() + "@" + settings.host();
    // Platform threads: what they measure must not wait for a carrier or a shared pool.
    Thread.ofPlatform().daemon().name("watch-" + name).start(this::look);
    Thread.ofPlatform().daemon().name("ask-" + name).start(this::keepAsking);
    Thread.ofPlatform().daemon().name("exit-" + name).start(this::awaitEnd);
  }

  /// Nothing is told any more: the end that follows is ordered.
  @Override
  public void close() {
    closed = true;
  }

  private void awaitEnd() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    // It was seen alive until now: the last look is at most an interval ago.
    tell(Cause.DIED, "the main process " + process.pid() + " has ended", judge.observedNanos());
  }

  private void tell(Cause cause, String explanation, long lastSignOfLifeNanos) {
    if (!closed && told.compareAndSet(false, true)) {
      LOG.warn(
          "{}@{}: the server goes: {} cause={}",
          settings.service(),
          settings.host(),
          explanation,
          cause);
      listener.accept(new Going(cause, explanation, lastSignOfLifeNanos));
    }
  }

  private void look() {
    long seen = answers.get();
    while (!closed && process.isAlive()) {
      long now = System.nanoTime();
      long answered = answers.get();
      boolean stopped = ServerProcesses.isStopped(process.pid());
      judge = judge.step(now, answered != seen, stopped);
      seen = answered;
      act(judge, now);
      LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
    }
  }

  private void act(LivenessJudge current, long now) {
    switch (current.verdict()) {
      case STOPPED ->
          tell(
              Cause.FROZEN,
              "the main process " + process.pid() + " is stopped by a signal",
              current.lastSignNanos());
      case SILENT ->
          tell(
              Cause.FROZEN,
              "neither a kept connection nor a new one was answered for "
                  + (now - current.lastSignNanos()) / 1_000_000
                  + " ms",
              current.lastSignNanos());
      case ALIVE -> lookForStop(current);
    }
    if (current.silentNanos() >= NEW_CONNECTION_AFTER.toNanos()
        && askingAnew.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("ask-anew").start(this::askAnew);
    }
  }

  private void lookForStop(LivenessJudge current) {
    boolean stopping =
        PostmasterFile.read(settings.dataDirectory())
            .filter(PostmasterFile::isStopping)
            .isPresent();
    if (stopping) {
      tell(Cause.STOPPING, "somebody stops the server in order", current.observedNanos());
    } else if (current.silentNanos() == 0 && current.stoppedNanos() == 0) {
      told.set(false); // it was frozen and is back
    }
  }

  private void keepAsking() {
    while (!closed && process.isAlive()) {
      try (AdminSession session = AdminSession.open(settings)) {
        while (!closed) {
          observed.accept(session.position());
          answers.incrementAndGet();
          LockSupport.parkNanos(ASK_INTERVAL.toNanos());
        }
      } catch (IOException e) {
        LOG.debug("{}@{}: probe: {}", settings.service(), settings.host(), e.getMessage());
        LockSupport.parkNanos(REOPEN_INTERVAL.toNanos());
      }
    }
  }

  private void askAnew() {
    switch (StartupProbe.ask(settings.port(), settings.adminUser(), NEW_CONNECTION_BOUND)) {
      case ACCEPTS, NOT_NOW, REFUSES -> answers.incrementAndGet();
      case NOBODY, SILENT -> {}
    }
    askingAnew.set(false);
  }
}
