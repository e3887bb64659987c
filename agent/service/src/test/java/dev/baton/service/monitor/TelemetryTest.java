package dev.baton.service.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.view.SeriesView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An hour in RAM, two weeks on disk.
class TelemetryTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;

  private final Moving clock = new Moving();
  private double value;

  private static final class Moving extends Clock {
    private Instant now = BEGIN;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private Telemetry open() throws IOException {
    return new Telemetry(
        "a",
        List.of(
            sink -> {
              sink.put("app", "latencyP99", "ms", value);
              sink.put(null, "processor", "percent", 2 * value);
            }),
        folder.resolve("series.db"),
        clock);
  }

  private void seconds(Telemetry telemetry, int count) {
    for (int i = 0; i < count; i++) {
      clock.now = clock.now.plusSeconds(1);
      value++;
      telemetry.read();
    }
  }

  private static SeriesView one(
      Telemetry telemetry, @Nullable String service, String name, int minutes) {
    List<SeriesView> found = telemetry.series(service, name, minutes).toCompletableFuture().join();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  @Test
  void theLastMinutesAreThereSecondBySecond() throws IOException {
    try (Telemetry telemetry = open()) {
      seconds(telemetry, 30);
      SeriesView view = one(telemetry, "app", "latencyP99", 1);
      assertThat(view.stepSeconds()).isEqualTo(1);
      assertThat(view.from()).isEqualTo(BEGIN.minusSeconds(29));
      assertThat(view.values()).hasSize(60).startsWith((Double) null).endsWith(29.0, 30.0);
      assertThat(one(telemetry, null, "processor", 1).values()).endsWith(60.0);
      assertThat(telemetry.series("app", null, 1).toCompletableFuture().join()).hasSize(1);
    }
  }

  @Test
  void itsOwnCostIsASeries() throws IOException {
    try (Telemetry telemetry = open()) {
      seconds(telemetry, 2);
      assertThat(one(telemetry, null, "measuringCost", 1).values().getLast()).isBetween(0.0, 1e3);
    }
  }

  @Test
  void minutesStayOnDiskOverARestart() throws IOException {
    try (Telemetry telemetry = open()) {
      seconds(telemetry, 150); // two whole minutes and a half
    }
    try (Telemetry telemetry = open()) {
      seconds(telemetry, 1);
      SeriesView view = one(telemetry, "app", "latencyP99", 120);
      assertThat(view.stepSeconds()).isEqualTo(60);
      assertThat(view.values()).hasSize(120).endsWith(30.0, 89.5);
    }
  }

  @Test
  void longTimesAreToldInLongSteps() throws IOException {
    try (Telemetry telemetry = open()) {
      seconds(telemetry, 61);
      SeriesView view = one(telemetry, "app", "latencyP99", Telemetry.MAX_MINUTES);
      assertThat(view.stepSeconds()).isEqualTo(360);
      assertThat(view.values()).hasSize(3_360);
      assertThat(view.values().getLast()).isEqualTo(30.0);
    }
  }

  @Test
  void whatIsTooOldIsForgotten() throws IOException {
    try (Telemetry telemetry = open()) {
      seconds(telemetry, 61);
    }
    clock.now = clock.now.plusSeconds(SeriesFile.KEPT_MINUTES * 60);
    try (Telemetry telemetry = open()) {
      seconds(telemetry, 61);
    }
    try (SeriesFile file = new SeriesFile(folder.resolve("series.db"))) {
      long first = BEGIN.getEpochSecond() / 60;
      double[] kept = file.get("app/latencyP99", first, first + 2).toCompletableFuture().join();
      assertThat(kept).containsOnly(Double.NaN);
      long later = clock.now.getEpochSecond() / 60;
      assertThat(file.get("app/latencyP99", later - 1, later).toCompletableFuture().join()[0])
          .isPositive();
    }
  }

  @Test
  void aGaugeThatFailsLeavesTheOthersAlone() throws IOException {
    Telemetry.Gauge broken =
        _ -> {
          throw new IllegalStateException("a defect");
        };
    try (Telemetry telemetry =
        new Telemetry(
            "a",
            List.of(broken, sink -> sink.put(null, "x", "", 1)),
            folder.resolve("series.db"),
            clock)) {
      seconds(telemetry, 3);
      assertThat(one(telemetry, null, "x", 1).values()).endsWith(1.0, 1.0, 1.0);
    }
  }
}
