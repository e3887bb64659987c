package dev.baton.service.agent;

import dev.baton.core.engine.LogRelay;
import dev.baton.core.engine.LogSource;
import dev.baton.core.memory.MemoryBounds;
import dev.baton.core.memory.ServiceMemory;
import dev.baton.core.route.Route.Fate;
import dev.baton.model.LogPosition;
import dev.baton.model.view.MemoryView;
import dev.baton.net.BackendConnector;
import dev.baton.net.Engine;
import dev.baton.net.Engine.InstanceSettings;
import dev.baton.net.Transport;
import dev.baton.service.peer.MemoryHost;
import dev.baton.service.views.LocalViews.StandbyLog;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The memory of one service on this host with its log source and relay, one set for each
/// generation. All of it lives on one event loop; every method may be called from any thread.
///
/// When this host takes over, the set is settled and kept, since fronts ask it what became of their
/// transactions; it goes when a new one begins.
final class StandbyLogs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandbyLogs.class);

  /// How often a wait for a position looks again, beside each time that log comes in.
  private static final long LOOK_AGAIN_MILLIS = 1;

  private final Engine engine;
  private final InstanceSettings settings;
  private final MemoryBounds bounds;
  private final Path directory;
  private final EventLoop loop;
  private final MemoryHost memories;
  private final Transport transport;
  private final BackendConnector connector;
  private final Consumer<String> onBroken;
  private final Consumer<String> onGone;
  private final Map<Long, ServiceMemory> settled = new HashMap<>(); // by the epoch that ended
  private volatile @Nullable LogSet current; // written on the loop
  private final AtomicLong generation = new AtomicLong(); // of this process, names its files

  private record LogSet(ServiceMemory memory, LogSource source, LogRelay relay) {}

  /// @param memories where fronts find the memory
  /// @param directory for what spills from RAM
  /// @param onBroken told, on the loop, when the home's stream breaks by itself
  /// @param onGone told, on the loop, when this memory cannot be continued
  StandbyLogs(
      Engine engine,
      InstanceSettings settings,
      MemoryBounds bounds,
      Path directory,
      EventLoop loop,
      MemoryHost memories,
      Transport transport,
      BackendConnector connector,
      Consumer<String> onBroken,
      Consumer<String> onGone) {
    this.engine = engine;
    this.settings = settings;
    this.bounds = bounds;
    this.directory = directory;
    this.loop = loop;
    this.memories = memories;
    this.transport = transport;
    this.connector = connector;
    this.onBroken = onBroken;
    this.onGone = onGone;
  }

  /// A new, empty memory that receives the home's log from `from`, and serves the local instance.
  CompletionStage<Void> start(long epoch, String home, LogPosition from) {
    CompletableFuture<Void> started = new CompletableFuture<>();
    // Opening and closing the relay's port must not block a loop.
    Thread.startVirtualThread(
        () -> {
          try {
            LogSet old = onLoop(this::withdraw).toCompletableFuture().join();
            if (old != null) {
              old.relay().close();
            }
            ServiceMemory memory = newMemory();
            Engine.Replication replication = engine.replication(settings, memory, loop, connector);
            LogSet next = new LogSet(memory, replication.source(), replication.relay(transport));
            onLoop(() -> receive(next, epoch, home, from)).toCompletableFuture().join();
            started.complete(null);
          } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
          }
        });
    return started;
  }

  private ServiceMemory newMemory() {
    long number = generation.incrementAndGet();
    return new ServiceMemory(
        settings.service(),
        settings.host(),
        number,
        bounds,
        directory.resolve("spill-" + settings.service() + "-" + number + ".db"),
        loop,
        System::nanoTime);
  }

  private Boolean receive(LogSet next, long epoch, String home, LogPosition from) {
    next.memory().log().reset(from);
    next.source().onBroken(onBroken);
    next.source().onGone(onGone);
    current = next;
    memories.present(settings.service(), epoch, next.memory(), loop);
    next.source().start(epoch, home, from);
    return true;
  }

  /// The home came up again in a new epoch: goes on at the end of the memory, which is kept.
  CompletionStage<Void> resume(long epoch, String home) {
    return onLoop(
        () -> {
          LogSet set = require();
          memories.present(settings.service(), epoch, set.memory(), loop);
          set.source().start(epoch, home, set.memory().log().end());
          return null;
        });
  }

  /// Receives nothing more. Zero when nothing was received.
  CompletionStage<LogPosition> stop() {
    return onLoop(
            () -> {
              LogSet set = current;
              return set == null
                  ? CompletableFuture.completedStage(LogPosition.ZERO)
                  : set.source().stop();
            })
        .thenCompose(stopped -> stopped);
  }

  CompletionStage<Void> caughtUp(long maxLagBytes) {
    return await(
        set -> {
          LogPosition home = set.source().homePosition();
          return home.compareTo(LogPosition.ZERO) > 0
              && home.bytesSince(set.memory().log().end()) <= maxLagBytes
              && set.relay().progress().connected()
              && home.bytesSince(set.relay().progress().flushed()) <= maxLagBytes;
        });
  }

  CompletionStage<Void> inMemory(LogPosition position) {
    return await(set -> set.memory().log().end().isAtLeast(position));
  }

  CompletionStage<Void> flushed(LogPosition position) {
    return onLoop(() -> require().relay().flushed(position)).thenCompose(flushed -> flushed);
  }

  /// From now on `fate` answers for transactions of `endedEpoch`.
  CompletionStage<Void> settle(long endedEpoch, LogPosition end) {
    return onLoop(
        () -> {
          ServiceMemory memory = require().memory();
          memories.refuseBefore(settings.service(), endedEpoch + 1, () -> {});
          memory.settle(end);
          settled.values().stream()
              .filter(old -> !old.equals(memory))
              .forEach(ServiceMemory::close);
          settled.clear();
          settled.put(endedEpoch, memory);
          return null;
        });
  }

  /// Empty when this host did not settle that epoch, or no longer knows.
  CompletionStage<Optional<Fate>> fate(long endedEpoch, long transaction) {
    return onLoop(
        () -> {
          ServiceMemory memory = settled.get(endedEpoch);
          return memory == null ? Optional.<Fate>empty() : memory.fate(transaction);
        });
  }

  /// The last position that the home told, received, in memory, relayed, flushed, replayed.
  CompletionStage<Optional<StandbyLog>> positions() {
    return onLoop(
        () -> {
          LogSet set = current;
          if (set == null) {
            return Optional.<StandbyLog>empty();
          }
          LogRelay.Progress progress = set.relay().progress();
          return Optional.of(
              new StandbyLog(
                  set.source().homePosition(),
                  set.source().received(),
                  set.memory().log().end(),
                  progress.relayed(),
                  progress.flushed(),
                  progress.replayed()));
        });
  }

  CompletionStage<Optional<MemoryView>> view() {
    return onLoop(
        () -> {
          LogSet set = current;
          return set == null
              ? Optional.<MemoryView>empty()
              : Optional.of(set.memory().view(Instant.now()));
        });
  }

  @Override
  public void close() {
    LogSet old = onLoop(this::withdraw).toCompletableFuture().join();
    if (old != null) {
      old.relay().close();
    }
  }

  /// Ends receiving and the memory; the relay is left to be closed by the caller, off the loop. A
  /// memory that has settled is kept, for fronts that have not asked yet.
  private @Nullable LogSet withdraw() {
    LogSet set = current;
    current = null;
    if (set == null) {
      return null;
    }
    set.source()
        .stop()
        .whenComplete(
            (end, error) -> {
              if (error != null) {
                LOG.warn("the log source did not stop in order: {}", error.toString());
              }
            });
    memories.withdraw(settings.service());
    if (!settled.containsValue(set.memory())) {
      set.memory().close();
    }
    return set;
  }

  private LogSet require() {
    LogSet set = current;
    if (set == null) {
      throw gone();
    }
    return set;
  }

  private <T extends @Nullable Object> CompletionStage<T> onLoop(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, loop);
  }

  /// Looks at once and then every millisecond. Ends with an error when this memory goes.
  private CompletionStage<Void> await(Predicate<LogSet> condition) {
    CompletableFuture<Void> met = new CompletableFuture<>();
    loop.execute(
        () -> {
          LogSet set = current;
          if (set == null) {
            met.completeExceptionally(gone());
          } else {
            look(set, condition, met);
          }
        });
    return met;
  }

  private void look(LogSet set, Predicate<LogSet> condition, CompletableFuture<Void> met) {
    if (!set.equals(current)) {
      met.completeExceptionally(gone());
    } else if (condition.test(set)) {
      met.complete(null);
    } else {
      loop.schedule(() -> look(set, condition, met), LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private IllegalStateException gone() {
    return new IllegalStateException("no memory of " + settings.service() + " on this host");
  }
}
