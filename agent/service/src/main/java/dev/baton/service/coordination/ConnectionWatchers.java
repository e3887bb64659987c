package dev.baton.service.coordination;

import dev.baton.core.cluster.Coordination.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Who is told of the connection, and what they were told last: the present state, whatever changed
/// while one began to watch. A watcher that is left with the state of before would record nothing
/// for as long as the connection stands.
///
/// The state changes first and the watchers are looked at then; one that begins is entered first
/// and looks at the state then, and again after it was told. So one of the two always sees the
/// other, without a lock. Watchers may be told the same twice.
final class ConnectionWatchers {
  private final List<Consumer<Connection>> watchers = new CopyOnWriteArrayList<>();
  private volatile Connection present = Connection.SUSPENDED;

  Connection present() {
    return present;
  }

  /// From one thread at a time.
  void changed(Connection next) {
    present = next;
    watchers.forEach(watcher -> watcher.accept(next));
  }

  /// From any thread. The watcher is told on it, and later on that of each change.
  void add(Consumer<Connection> watcher) {
    watchers.add(watcher);
    Connection told;
    do { // what changes in between would be told first, and then what was before
      told = present;
      watcher.accept(told);
    } while (told != present);
  }

  void remove(Consumer<Connection> watcher) {
    watchers.remove(watcher);
  }
}
