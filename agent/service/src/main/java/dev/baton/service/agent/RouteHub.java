package dev.baton.service.agent;

import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this agent's fronts know of one service. States come from the service's record, from the
/// home's agent and from the host that takes over, in any order: one of an older epoch is dropped.
final class RouteHub implements Route {
  private static final Logger LOG = LoggerFactory.getLogger(RouteHub.class);

  /// Questions to other agents that a front has.
  interface Questions {
    CompletionStage<Fate> fate(String home, long endedEpoch, long transaction);

    CompletionStage<LossVerdict> backendLost(String home, long epoch, boolean orderly);
  }

  private final String service;
  private final Executor driver;
  private final Questions questions;
  private final List<Consumer<RouteState>> listeners = new ArrayList<>(); // driver's thread only
  private volatile RouteState state = new RouteState.Held(0, "no home is known yet");

  /// @param driver the one thread on which states change and listeners are told
  RouteHub(String service, Executor driver, Questions questions) {
    this.service = service;
    this.driver = driver;
    this.questions = questions;
  }

  @Override
  public String service() {
    return service;
  }

  @Override
  public RouteState state() {
    return state;
  }

  /// Tells every front. Driver's thread only.
  void publish(RouteState next) {
    if (next.epoch() < state.epoch() || next.equals(state)) {
      return;
    }
    if (next instanceof RouteState.Held(long epoch, String reason)
        && state instanceof RouteState.Held held
        && held.epoch() == epoch) {
      LOG.debug("service={} still held epoch={}: {}", service, epoch, reason);
      return;
    }
    LOG.info("service={} route {} -> {}", service, describe(state), describe(next));
    state = next;
    for (Consumer<RouteState> listener : List.copyOf(listeners)) {
      listener.accept(next);
    }
  }

  private static String describe(RouteState state) {
    return switch (state) {
      case RouteState.Open open -> "open epoch=" + open.epoch() + " home=" + open.home();
      case RouteState.Draining draining -> "draining epoch=" + draining.epoch();
      case RouteState.Held held -> "held epoch=" + held.epoch() + " (" + held.reason() + ")";
    };
  }

  @Override
  public Registration watch(Consumer<RouteState> listener) {
    driver.execute(
        () -> {
          listeners.add(listener);
          listener.accept(state);
        });
    return () -> driver.execute(() -> listeners.remove(listener));
  }

  @Override
  public CompletionStage<Fate> fate(long endedEpoch, long transaction) {
    return openAfter(endedEpoch)
        .thenCompose(open -> questions.fate(open.home(), endedEpoch, transaction));
  }

  private CompletionStage<RouteState.Open> openAfter(long epoch) {
    CompletableFuture<RouteState.Open> opened = new CompletableFuture<>();
    Registration registration =
        watch(
            now -> {
              if (now instanceof RouteState.Open open && open.epoch() > epoch) {
                opened.complete(open);
              }
            });
    opened.whenComplete((open, error) -> registration.close());
    return opened;
  }

  @Override
  public CompletionStage<LossVerdict> backendLost(long epoch, boolean orderly) {
    RouteState now = state;
    if (now.epoch() > epoch || now instanceof RouteState.Held) {
      return CompletableFuture.completedStage(LossVerdict.HOME_GOING);
    }
    String home =
        switch (now) {
          case RouteState.Open open -> open.home();
          case RouteState.Draining draining -> draining.home();
          case RouteState.Held held -> throw new IllegalStateException("answered above: " + held);
        };
    return questions.backendLost(home, epoch, orderly);
  }
}
