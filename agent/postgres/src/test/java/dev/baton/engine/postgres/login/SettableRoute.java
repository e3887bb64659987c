package dev.baton.engine.postgres.login;

import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A route that a test sets by hand.
final class SettableRoute implements Route {
  private final List<Consumer<RouteState>> listeners = new CopyOnWriteArrayList<>();
  private volatile RouteState state;

  SettableRoute(RouteState state) {
    this.state = state;
  }

  void set(RouteState next) {
    state = next;
    listeners.forEach(listener -> listener.accept(next));
  }

  @Override
  public String service() {
    return "test";
  }

  @Override
  public RouteState state() {
    return state;
  }

  @Override
  public Registration watch(Consumer<RouteState> listener) {
    listeners.add(listener);
    listener.accept(state);
    return () -> listeners.remove(listener);
  }

  @Override
  public CompletionStage<Fate> fate(long endedEpoch, long transaction) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("no fates here"));
  }

  @Override
  public CompletionStage<LossVerdict> backendLost(long epoch, boolean orderly) {
    return CompletableFuture.completedFuture(LossVerdict.SESSION_ENDED);
  }
}
