package dev.baton.console.model;

import dev.baton.model.view.SessionView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/// The rows of the session table, by id. A few changes replace single rows; many replace the whole
/// list in one event, since 10,000 single events would hold up the user interface.
final class SessionRows {
  private static final int MANY = 200;

  private final ObservableList<SessionView> rows = FXCollections.observableArrayList();
  private final Map<String, Integer> index = new HashMap<>();

  ObservableList<SessionView> rows() {
    return rows;
  }

  void replaceAll(List<SessionView> all) {
    rows.setAll(all);
    reindex();
  }

  void update(List<SessionView> changed, List<String> closed) {
    if (changed.size() + closed.size() > MANY) {
      updateMany(changed, closed);
      return;
    }
    for (SessionView row : changed) {
      Integer at = index.get(row.id());
      if (at == null) {
        index.put(row.id(), rows.size());
        rows.add(row);
      } else {
        rows.set(at, row);
      }
    }
    boolean removed = false;
    for (String id : closed) {
      removed |= index.containsKey(id) && rows.removeIf(row -> row.id().equals(id));
    }
    if (removed) {
      reindex();
    }
  }

  private void updateMany(List<SessionView> changed, List<String> closed) {
    Set<String> gone = new HashSet<>(closed);
    List<SessionView> all = new ArrayList<>(rows);
    for (SessionView row : changed) {
      Integer at = index.get(row.id());
      if (at == null) {
        all.add(row);
      } else {
        all.set(at, row);
      }
    }
    all.removeIf(row -> gone.contains(row.id()));
    replaceAll(all);
  }

  private void reindex() {
    index.clear();
    for (int i = 0; i < rows.size(); i++) {
      index.put(rows.get(i).id(), i);
    }
  }
}
