package dev.baton.core.route;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// The way to one service, as a front sees it. Every method may be called from any thread and
/// returns at once.
public interface Route {
  String service();

  RouteState state();

  /// Calls `listener` with the present state and then with every later one, in order, until the
  /// returned handle is closed.
  Registration watch(Consumer<RouteState> listener);

  /// What became of a transaction of an epoch that has ended. Answered when the next home has
  /// settled, and only from the log that was received, relayed and replayed; never guessed.
  ///
  /// @param transaction the database's id of it, as the front asked for it while it ran
  CompletionStage<Fate> fate(long endedEpoch, long transaction);

  /// Asks the home's agent what a lost or ending backend means.
  ///
  /// @param orderly true when the backend took its leave with a message of the server (an
  ///   administrator's command), false when the stream just ended
  CompletionStage<LossVerdict> backendLost(long epoch, boolean orderly);

  enum Fate {
    COMMITTED,
    NOT_COMMITTED
  }

  enum LossVerdict {
    /// The database lives; this one backend was ended. The client gets what a direct connection
    /// would get.
    SESSION_ENDED,
    /// The database or its host goes; hold the client, a route to the next home follows.
    HOME_GOING
  }

  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
