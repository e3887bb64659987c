package dev.baton.service.control;

import dev.baton.model.view.SeriesView;
import dev.baton.service.monitor.ServiceGauge.Figures;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What this agent has measured over time.
public interface SeriesDesk {
  /// @param service null: of all and of the host
  /// @param name null: all
  /// @param minutes back from now; up to an hour a value a second, beyond it means of a minute or
  ///   more
  CompletionStage<List<SeriesView>> series(
      @Nullable String service, @Nullable String name, int minutes);

  /// Of each service at this host, now.
  List<Figures> figures();
}
