package dev.baton.service.control;

import dev.baton.core.engine.Probe;
import dev.baton.model.view.SeriesView;
import dev.baton.service.monitor.RequestTimes;
import dev.baton.service.monitor.ServiceGauge.Figures;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// One series of `app`, with a gap.
final class FakeSeriesDesk implements SeriesDesk {
  @Override
  public CompletionStage<List<SeriesView>> series(
      @Nullable String service, @Nullable String name, int minutes) {
    return CompletableFuture.completedStage(
        List.of(
            new SeriesView(
                "a",
                service == null ? "app" : service,
                name == null ? "latencyP99" : name,
                "ms",
                FakeControlSource.NOW.minusSeconds(60L * minutes),
                1,
                Arrays.asList(1.5, null, 2.5))));
  }

  @Override
  public List<Figures> figures() {
    return List.of(
        new Figures(
            "app",
            new RequestTimes.Snapshot(
                "app", new double[] {0.001, 0.01}, new long[] {5, 2, 1}, 0.123),
            new Probe.Activity(3, 1, 1, 17, 100, 2.5, 40, 960, 0, 0)));
  }
}
