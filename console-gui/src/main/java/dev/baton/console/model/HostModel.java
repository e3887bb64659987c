package dev.baton.console.model;

import dev.baton.console.chart.Series;
import dev.baton.model.view.HostView;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// One host of a cluster and its load over time.
public final class HostModel {
  /// A sample each quarter of a second for 20 minutes.
  static final int SAMPLES = 4 * 60 * 20;

  private final String name;
  private final ReadOnlyObjectWrapper<Timed<HostView>> view;
  private final Series cpuPercent = new Series(SAMPLES);

  HostModel(Timed<HostView> first) {
    name = first.value().name();
    view = new ReadOnlyObjectWrapper<>(first);
    sample(first);
  }

  void update(Timed<HostView> next) {
    view.set(next);
    sample(next);
  }

  private void sample(Timed<HostView> measured) {
    HostView.LoadView load = measured.value().load();
    if (load != null) {
      cpuPercent.add(measured.measuredMillis(), load.cpuPercent());
    }
  }

  public String name() {
    return name;
  }

  public ReadOnlyObjectProperty<Timed<HostView>> viewProperty() {
    return view.getReadOnlyProperty();
  }

  public Timed<HostView> view() {
    return view.get();
  }

  public Series cpuPercent() {
    return cpuPercent;
  }
}
