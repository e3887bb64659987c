package dev.baton.console.model;

import dev.baton.model.view.SessionView;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javafx.collections.ModifiableObservableListBase;
import javafx.collections.ObservableList;

/// The rows of the session table, by id. However many change at once, listeners are told once:
/// 10,000 single events would hold up the user interface.
final class SessionRows {
  private final Rows rows = new Rows();
  private final Map<String, SessionRow> byId = new HashMap<>();

  ObservableList<SessionRow> rows() {
    return rows;
  }

  /// What is known of each session, in the order of the rows; follows them.
  List<SessionView> views() {
    return new AbstractList<>() {
      @Override
      public SessionView get(int index) {
        return rows.get(index).view();
      }

      @Override
      public int size() {
        return rows.size();
      }
    };
  }

  /// Those that are known stay the same rows.
  void replaceAll(List<SessionView> all) {
    Set<String> stay = new HashSet<>();
    all.forEach(session -> stay.add(session.id()));
    update(all, byId.keySet().stream().filter(id -> !stay.contains(id)).toList());
  }

  void update(List<SessionView> changed, List<String> closed) {
    if (!changed.isEmpty() || !closed.isEmpty()) {
      rows.change(changed, closed);
    }
  }

  private final class Rows extends ModifiableObservableListBase<SessionRow> {
    private final List<SessionRow> all = new ArrayList<>();

    void change(List<SessionView> changed, List<String> closed) {
      beginChange();
      Set<String> updated = new HashSet<>();
      for (SessionView session : changed) {
        SessionRow row = byId.get(session.id());
        if (row == null) {
          SessionRow made = new SessionRow(session);
          byId.put(session.id(), made);
          add(made);
        } else if (!row.view().equals(session)) {
          row.update(session);
          updated.add(session.id());
        }
      }
      for (int i = 0; i < all.size() && !updated.isEmpty(); i++) {
        if (updated.contains(all.get(i).id())) {
          nextUpdate(i);
        }
      }
      remove(closed);
      endChange();
    }

    private void remove(List<String> closed) {
      Set<String> gone = new HashSet<>(closed);
      gone.removeIf(id -> byId.remove(id) == null);
      for (int i = all.size() - 1; i >= 0 && !gone.isEmpty(); i--) {
        if (gone.contains(all.get(i).id())) {
          remove(i);
        }
      }
    }

    @Override
    public SessionRow get(int index) {
      return all.get(index);
    }

    @Override
    public int size() {
      return all.size();
    }

    @Override
    protected void doAdd(int index, SessionRow row) {
      all.add(index, row);
    }

    @Override
    protected SessionRow doSet(int index, SessionRow row) {
      return all.set(index, row);
    }

    @Override
    protected SessionRow doRemove(int index) {
      return all.remove(index);
    }
  }
}
