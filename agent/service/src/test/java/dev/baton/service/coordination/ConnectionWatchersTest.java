package dev.baton.service.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.Coordination.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Whatever changes while somebody begins to watch, the last that he is told is how it is.
class ConnectionWatchersTest {
  private final ConnectionWatchers watchers = new ConnectionWatchers();
  private final List<Connection> told = new ArrayList<>();

  @Test
  void theConnectionThatComesUpBeforeTheFirstStateIsToldIsNotForgotten() {
    watchers.add(onceBefore(Connection.CONNECTED));
    assertThat(told.getLast()).isEqualTo(Connection.CONNECTED);
  }

  @Test
  void oneThatBeginsWhileOthersAreToldIsTold() {
    watchers.add(
        state -> {
          if (state == Connection.CONNECTED) {
            watchers.add(told::add);
          }
        });
    watchers.changed(Connection.CONNECTED);
    assertThat(told.getLast()).isEqualTo(Connection.CONNECTED);
  }

  @Test
  void oneThatHasEndedIsToldNoMore() {
    Consumer<Connection> watcher = told::add;
    watchers.add(watcher);
    watchers.remove(watcher);
    watchers.changed(Connection.LOST);
    assertThat(told).containsExactly(Connection.SUSPENDED);
    assertThat(watchers.present()).isEqualTo(Connection.LOST);
  }

  /// A watcher at whom a change arrives between the look at the state and its being told.
  private Consumer<Connection> onceBefore(Connection change) {
    return state -> {
      if (told.isEmpty() && state != change) {
        watchers.changed(change);
      }
      told.add(state);
    };
  }
}
