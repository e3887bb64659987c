package dev.baton.service.monitor;

import dev.baton.core.engine.Instance;
import dev.baton.core.engine.Probe;
import dev.baton.net.Front;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the clients of one service feel at this host's front, and how much its local instance has
/// to do. Read on one thread; the instance is asked on another, since a frozen one does not answer.
public final class ServiceGauge implements Telemetry.Gauge, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceGauge.class);
  private static final double MICROS_PER_MILLI = 1e3;

  /// An answer of the instance that is older than this is none.
  private static final long STALE_NANOS = 3_000_000_000L;

  private final String service;
  private final Front front;
  private final Instance instance;
  private final @Nullable Probe probe;
  private final LongSupplier nanoTime;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final RequestTimes times;
  private volatile @Nullable Asked asked;
  private @Nullable Histogram histogram;
  private @Nullable Earlier earlier;

  private record Asked(Probe.Activity activity, long atNanos) {}

  private record Earlier(
      long atNanos,
      long requests,
      long transactions,
      long logBytes,
      Probe.@Nullable Activity activity) {}

  /// @param probe null: there is no local instance
  public ServiceGauge(
      String service,
      Front front,
      Instance instance,
      @Nullable Probe probe,
      LongSupplier nanoTime) {
    this.service = service;
    this.front = front;
    this.instance = instance;
    this.probe = probe;
    this.nanoTime = nanoTime;
    this.times = new RequestTimes(service);
  }

  /// What is known now.
  ///
  /// @param times of all requests since the agent began
  /// @param activity null while the instance does not answer, or there is none
  public record Figures(
      String service, RequestTimes.Snapshot times, Probe.@Nullable Activity activity) {}

  public Figures figures() {
    return new Figures(service, times.snapshot(), fresh(nanoTime.getAsLong()));
  }

  private Probe.@Nullable Activity fresh(long now) {
    Asked known = asked;
    return known != null && now - known.atNanos() < STALE_NANOS ? known.activity() : null;
  }

  @Override
  public void read(Telemetry.Sink sink) {
    long now = nanoTime.getAsLong();
    Front.Counters counters = front.counters();
    latency(sink);
    sink.put(service, "clients", "", counters.clients());
    sink.put(service, "clientsActive", "", counters.active());
    sink.put(service, "clientsHeld", "", counters.held());
    Probe.Activity activity = fresh(now);
    if (activity != null) {
      activity(sink, activity);
    }
    Earlier before = earlier;
    Earlier present =
        new Earlier(
            now,
            counters.requests(),
            counters.transactions(),
            instance.observedPosition().bits(),
            activity);
    earlier = present;
    if (before != null) {
      rates(sink, before, present);
    }
    ask();
  }

  private void latency(Telemetry.Sink sink) {
    Histogram interval = front.latency().sinceLast(histogram);
    histogram = interval;
    if (interval.getTotalCount() == 0) {
      return;
    }
    times.add(interval);
    sink.put(service, "latencyP50", "ms", interval.getValueAtPercentile(50) / MICROS_PER_MILLI);
    sink.put(service, "latencyP95", "ms", interval.getValueAtPercentile(95) / MICROS_PER_MILLI);
    sink.put(service, "latencyP99", "ms", interval.getValueAtPercentile(99) / MICROS_PER_MILLI);
    sink.put(service, "latencyMax", "ms", interval.getMaxValue() / MICROS_PER_MILLI);
  }

  private void activity(Telemetry.Sink sink, Probe.Activity activity) {
    sink.put(service, "backendsActive", "", activity.active());
    sink.put(service, "backendsIdleInTransaction", "", activity.idleInTransaction());
    sink.put(service, "backendsWaitingForLocks", "", activity.waitingForLocks());
    sink.put(service, "connections", "", activity.connections());
    sink.put(
        service,
        "connectionsUsed",
        "percent",
        100.0 * activity.connections() / Math.max(1, activity.maxConnections()));
    sink.put(service, "oldestTransaction", "s", activity.oldestTransactionSeconds());
  }

  private void rates(Telemetry.Sink sink, Earlier before, Earlier present) {
    double seconds = Math.max(1e-3, (present.atNanos() - before.atNanos()) / 1e9);
    sink.put(service, "requests", "/s", (present.requests() - before.requests()) / seconds);
    sink.put(
        service, "transactions", "/s", (present.transactions() - before.transactions()) / seconds);
    if (before.logBytes() > 0 && present.logBytes() >= before.logBytes()) {
      sink.put(
          service, "logWritten", "bytes/s", (present.logBytes() - before.logBytes()) / seconds);
    }
    Probe.Activity then = before.activity();
    Probe.Activity now = present.activity();
    if (then != null && now != null && now.blocksHit() >= then.blocksHit()) {
      long hit = now.blocksHit() - then.blocksHit();
      long read = now.blocksRead() - then.blocksRead();
      sink.put(service, "blocksRead", "/s", read / seconds);
      if (hit + read > 0) {
        sink.put(service, "cacheHits", "percent", 100.0 * hit / (hit + read));
      }
      sink.put(
          service,
          "temporaryFiles",
          "bytes/s",
          (now.temporaryBytes() - then.temporaryBytes()) / seconds);
    }
  }

  /// At most one question at a time: a server that hangs gets no second.
  private void ask() {
    Probe present = probe;
    if (present == null
        || (instance.state() != Instance.State.PRIMARY
            && instance.state() != Instance.State.STANDBY)
        || !asking.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name("probe-" + service)
        .start(
            () -> {
              try {
                asked = new Asked(present.read(), nanoTime.getAsLong());
              } catch (IOException e) {
                LOG.debug("service={} the instance tells nothing: {}", service, e.toString());
              } finally {
                asking.set(false);
              }
            });
  }

  @Override
  public void close() {
    Probe present = probe;
    if (present != null) {
      present.close();
    }
  }
}
