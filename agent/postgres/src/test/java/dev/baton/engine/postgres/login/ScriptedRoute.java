package dev.baton.engine.postgres.login;

import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// A route that a test sets by hand.
public final class ScriptedRoute implements Route {
  private final List<Consumer<RouteState>> listeners = new CopyOnWriteArrayList<>();
  private volatile RouteState state;
  public volatile LossVerdict verdict = LossVerdict.HOME_GOING;
  public volatile LongFunction<CompletionStage<Fate>> fates =
      _ -> CompletableFuture.failedFuture(new IllegalStateException("no fate was expected"));

  public ScriptedRoute(RouteState state) {
    this.state = state;
  }

  public void set(RouteState next) {
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
    return fates.apply(transaction);
  }

  @Override
  public CompletionStage<LossVerdict> backendLost(long epoch, boolean orderly) {
    return CompletableFuture.completedFuture(verdict);
  }
}
