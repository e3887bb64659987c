package dev.baton.engine.postgres.session;

import dev.baton.core.route.RequestLog;
import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.login.BackendLogin;
import dev.baton.engine.postgres.login.CancelRegistry;
import dev.baton.engine.postgres.login.LoggedInClient;
import dev.baton.engine.postgres.login.SessionFactory;
import dev.baton.model.view.SessionView;
import dev.baton.net.ClientLatency;
import dev.baton.net.Front;
import dev.baton.net.FrontSettings;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/// The sessions of one front. Safe for any thread.
public final class PostgresSessions implements SessionFactory {
  /// Longest time for which new work at a new home waits for open transactions to be replayed.
  private static final long ORDER_BOUND_MILLIS = 150;

  private final FrontShared shared;
  private final BackendLogin login;
  private final CancelRegistry cancels;
  private final AtomicLong numbers;
  private final ConcurrentHashMap<Long, ClientSession> sessions = new ConcurrentHashMap<>();

  /// @param loop keeps the order in which sessions arrive at a new home
  /// @param firstNumber sessions are numbered from here; unique among all fronts of a service, so a
  ///   front gives its own range
  public PostgresSessions(
      FrontSettings settings,
      Route route,
      RequestLog requestLog,
      BackendLogin login,
      CancelRegistry cancels,
      ScheduledExecutorService loop,
      long firstNumber) {
    this.shared =
        new FrontShared(
            settings,
            route,
            requestLog,
            new MoveTallies(),
            new RestoreOrder(loop, ORDER_BOUND_MILLIS),
            new BindingFunctions());
    this.login = login;
    this.cancels = cancels;
    this.numbers = new AtomicLong(firstNumber);
  }

  @Override
  public void open(LoggedInClient client) {
    ClientSession session =
        new ClientSession(
            shared,
            client,
            login,
            cancels,
            numbers.getAndIncrement(),
            ended -> sessions.remove(ended.number()));
    sessions.put(session.number(), session);
    session.start();
  }

  @Override
  public List<SessionView> sessions() {
    return sessions.values().stream().map(ClientSession::view).toList();
  }

  @Override
  public Front.Counters counters() {
    List<SessionView> views = sessions();
    return new Front.Counters(
        views.size(),
        (int) views.stream().filter(view -> view.state().startsWith("active")).count(),
        (int) views.stream().filter(PostgresSessions::isHeld).count(),
        (int) views.stream().filter(view -> view.state().contains("transaction")).count()
            + unpacked(),
        (int) views.stream().filter(view -> !view.movability().movable()).count(),
        (int) views.stream().filter(SessionView::hasTwin).count(),
        shared.tallies().requests.get(),
        shared.tallies().transactions.get());
  }

  private static boolean isHeld(SessionView view) {
    return view.state().startsWith("held") || view.state().startsWith("restoring");
  }

  @Override
  public ClientLatency latency() {
    return shared.tallies().latency;
  }

  /// Sessions that a planned move waits for though they have no transaction open.
  private int unpacked() {
    return shared.route().state() instanceof RouteState.Draining
        ? (int) sessions.values().stream().filter(ClientSession::isUnpacked).count()
        : 0;
  }

  /// True when, in a planned move, every session without an open transaction has been asked for all
  /// that it takes along.
  boolean arePacked() {
    return sessions.values().stream()
        .allMatch(session -> session.isPacked() || session.view().state().contains("transaction"));
  }

  @Override
  public Front.MoveTally tally(long epoch) {
    MoveTallies.Tally tally = shared.tallies().of(epoch);
    return new Front.MoveTally(
        epoch,
        tally.clientsHeld.get(),
        pending(epoch),
        tally.transactionsReplayed.get(),
        tally.requestsReplayed.get(),
        tally.keepAlivesSent.get(),
        tally.serializationFailures.get(),
        tally.failed.get());
  }

  /// Sessions that are not yet at work in `epoch`. They count also while this front has not heard
  /// that it is open: asked just before, it would say that all have arrived.
  private int pending(long epoch) {
    RouteState state = shared.route().state();
    if (state.epoch() > epoch) {
      return 0;
    }
    return (int) sessions.values().stream().filter(session -> session.isBehind(epoch)).count();
  }

  @Override
  public boolean disconnect(String sessionId) {
    String prefix = shared.settings().host() + "-";
    for (ClientSession session : sessions.values()) {
      if (sessionId.equals(prefix + session.number())) {
        session.disconnect();
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    sessions.values().forEach(ClientSession::disconnect);
  }
}
