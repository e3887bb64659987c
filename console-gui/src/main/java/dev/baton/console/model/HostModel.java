package dev.baton.console.model;

import dev.baton.model.view.HostView;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// One host of a cluster: what was last measured of it, and its history.
public final class HostModel {
  private final String name;
  private final ReadOnlyObjectWrapper<Timed<HostView>> view;
  private final HostHistory history;

  HostModel(Timed<HostView> first, HostHistory history) {
    this.name = first.value().name();
    this.view = new ReadOnlyObjectWrapper<>(first);
    this.history = history;
  }

  void update(Timed<HostView> next) {
    view.set(next);
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

  public HostHistory history() {
    return history;
  }
}
