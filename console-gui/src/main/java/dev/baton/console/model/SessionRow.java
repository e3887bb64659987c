package dev.baton.console.model;

import dev.baton.model.view.SessionView;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/// One session in a table. The row stays the same while what is known of the session changes, so
/// that a selection stays on the client that was chosen.
public final class SessionRow {
  private final ReadOnlyObjectWrapper<SessionView> view;

  SessionRow(SessionView first) {
    view = new ReadOnlyObjectWrapper<>(first);
  }

  void update(SessionView next) {
    view.set(next);
  }

  public String id() {
    return view().id();
  }

  public SessionView view() {
    return view.get();
  }

  public ReadOnlyObjectProperty<SessionView> viewProperty() {
    return view.getReadOnlyProperty();
  }
}
