package dev.baton.service.agent;

import dev.baton.model.view.SeriesView;
import dev.baton.service.control.SeriesDesk;
import dev.baton.service.monitor.ServiceGauge;
import dev.baton.service.monitor.ServiceGauge.Figures;
import dev.baton.service.monitor.Telemetry;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What this agent has measured; each agent tells its own.
record OwnSeries(Telemetry telemetry, List<ServiceUnit> units) implements SeriesDesk {
  @Override
  public CompletionStage<List<SeriesView>> series(
      @Nullable String service, @Nullable String name, int minutes) {
    return telemetry.series(service, name, minutes);
  }

  @Override
  public List<Figures> figures() {
    return units.stream().map(ServiceUnit::gauge).map(ServiceGauge::figures).toList();
  }
}
