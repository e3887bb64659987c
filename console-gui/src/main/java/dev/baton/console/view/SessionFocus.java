package dev.baton.console.view;

import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/// What the tables of sessions are to show: a filter that others than the user set.
public final class SessionFocus {
  private final StringProperty wanted = new SimpleStringProperty("");

  void lookFor(String words) {
    wanted.set(words);
    wanted.set(""); // a table that is made later shows everything
  }

  StringProperty wantedProperty() {
    return wanted;
  }
}
