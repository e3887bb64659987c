package dev.baton.service.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.engine.Probe;
import dev.baton.model.view.SessionView;
import dev.baton.net.AccessPolicy;
import dev.baton.net.ClientLatency;
import dev.baton.net.Front;
import dev.baton.testing.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What clients feel, and what an instance that may hang has to do.
class ServiceGaugeTest {
  private final FakeFront front = new FakeFront();
  private final FakeInstance instance = new FakeInstance();
  private final FakeProbe probe = new FakeProbe();
  private long nanos;
  private final ServiceGauge gauge = new ServiceGauge("app", front, instance, probe, () -> nanos);

  private Map<String, Double> read() {
    Map<String, Double> read = new TreeMap<>();
    gauge.read((service, name, unit, value) -> read.put(name, value));
    nanos += 1_000_000_000;
    return read;
  }

  @Test
  void latencyIsOfTheLastSecondAlone() {
    for (int i = 1; i <= 100; i++) {
      front.latency.record(TimeUnit.MILLISECONDS.toNanos(i));
    }
    Map<String, Double> first = read();
    assertThat(first.get("latencyP50")).isBetween(49.0, 51.0);
    assertThat(first.get("latencyP99")).isBetween(98.0, 101.0);
    assertThat(first.get("latencyMax")).isBetween(99.0, 102.0);
    front.latency.record(TimeUnit.MILLISECONDS.toNanos(3));
    assertThat(read().get("latencyMax")).isBetween(2.9, 3.1);
    assertThat(read()).as("nobody asked").doesNotContainKey("latencyP50");
  }

  @Test
  void bucketsCountSinceTheBeginning() {
    front.latency.record(TimeUnit.MICROSECONDS.toNanos(300));
    read();
    front.latency.record(TimeUnit.MILLISECONDS.toNanos(30));
    front.latency.record(TimeUnit.SECONDS.toNanos(3_000));
    read();
    RequestTimes.Snapshot times = gauge.figures().times();
    assertThat(times.counts()).hasSize(times.bounds().length + 1);
    assertThat(times.counts()[0]).isEqualTo(1); // up to 0.5 ms
    assertThat(times.counts()[6]).isEqualTo(1); // 25 to 50 ms
    assertThat(times.counts()[times.bounds().length]).isEqualTo(1);
    assertThat(times.sumSeconds()).isBetween(2_990.0, 3_040.0);
  }

  @Test
  void ratesAreOfTheTimeBetweenTwoReadings() {
    instance.position = 1_000;
    front.requests = 10;
    assertThat(read()).doesNotContainKeys("requests", "logWritten");
    front.requests = 60;
    instance.position = 5_000;
    assertThat(read()).containsEntry("requests", 50.0).containsEntry("logWritten", 4_000.0);
    instance.position = 10; // another timeline: no rate can be told
    assertThat(read()).doesNotContainKey("logWritten");
  }

  private void awaitAnswer() {
    Await.until("answered", () -> gauge.figures().activity() != null);
  }

  @Test
  void theInstanceIsAskedAside() {
    assertThat(read()).doesNotContainKey("backendsActive");
    awaitAnswer();
    Map<String, Double> known = read();
    assertThat(known).containsEntry("backendsActive", 3.0).containsEntry("connectionsUsed", 17.0);
  }

  @Test
  void anInstanceThatHangsIsNotAskedTwiceAndItsOldAnswerEnds() {
    read();
    awaitAnswer();
    probe.hangs = true;
    Await.until(
        "asked",
        () -> {
          read();
          return probe.hanging.getCount() == 0;
        });
    for (int i = 0; i < 4; i++) {
      read();
    }
    assertThat(read()).doesNotContainKey("backendsActive");
    assertThat(gauge.figures().activity()).isNull();
    assertThat(probe.asked).isEqualTo(2);
    probe.goesOn.countDown();
  }

  private static final class FakeProbe implements Probe {
    private volatile boolean hangs;
    private volatile int asked;
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one question at a time
    public Activity read() throws IOException {
      asked++;
      if (hangs) {
        hanging.countDown();
        try {
          goesOn.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      return new Activity(3, 1, 0, 17, 100, 0.5, 10, 90, 0, 0);
    }

    @Override
    public void close() {}
  }

  private static final class FakeFront implements Front {
    private final ClientLatency latency = new ClientLatency();
    private long requests;

    @Override
    public Counters counters() {
      return new Counters(4, 1, 0, 2, 0, 0, requests, requests / 2);
    }

    @Override
    public ClientLatency latency() {
      return latency;
    }

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress(0);
    }

    @Override
    public List<SessionView> sessions() {
      return List.of();
    }

    @Override
    public MoveTally tally(long epoch) {
      return new MoveTally(epoch, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public void reload(AccessPolicy access) {}

    @Override
    public boolean disconnect(String sessionId) {
      return false;
    }

    @Override
    public void close() {}
  }
}
