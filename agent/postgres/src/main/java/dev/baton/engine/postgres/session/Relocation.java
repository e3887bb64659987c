package dev.baton.engine.postgres.session;

import dev.baton.core.route.Route.Fate;
import dev.baton.core.route.Route.LossVerdict;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.session.MoveTallies.Tally;
import dev.baton.engine.postgres.session.RestoreOrder.Turn;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.Movability;
import dev.baton.net.BackendConnector.Purpose;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds one session while its home goes, finds out what became of what was under way, and makes
/// the session again at the next home. Confined to the session's event loop.
final class Relocation {
  private static final Logger LOG = LoggerFactory.getLogger(Relocation.class);

  private static final long FIRST_RETRY_MILLIS = 10;
  private static final long MAX_RETRY_MILLIS = 500;

  /// Where the session stands.
  private enum Phase {
    SERVING,
    /// The backend is gone, and what that means is not known yet.
    ASKING,
    HELD,
    RESTORING
  }

  private final SessionCore session;
  private final FrontShared front;
  private final BackendSource backends;
  private final SessionClock clock;
  private final Twin twin;
  private final KeepAlive keepAlive;
  private final GatedTransactions gated;

  private Phase phase = Phase.SERVING;
  private boolean draining;

  /// Rises with each attempt, so that what belongs to an earlier one is recognized.
  private int attempt;

  private long lostEpoch;
  private long restoringEpoch;

  /// Written on the session's loop, read by any thread.
  private volatile long servedEpoch;

  private int moves;
  private @Nullable Turn announced;
  private @Nullable Tally tally;
  private SessionClock.@Nullable Timer bound;

  Relocation(SessionCore session, FrontShared front, BackendSource backends, SessionClock clock) {
    this.session = session;
    this.front = front;
    this.backends = backends;
    this.clock = clock;
    this.twin = new Twin(front, backends, clock);
    this.keepAlive = new KeepAlive(session, clock, front.settings().keepAliveMillis());
    this.gated = new GatedTransactions(session.number(), front.order());
  }

  /// False while only requests of open transactions may be passed on.
  boolean mayBegin() {
    return !draining;
  }

  /// False while the session has no backend, or one on which it is not restored yet.
  boolean isServing() {
    return phase == Phase.SERVING;
  }

  /// Under durability `request` the client was told of a commit whose log the memory may not have.
  void acknowledged(OpenTransaction transaction, boolean wrapped) {
    Dialogue present = session.dialogue();
    long epoch = present == null ? lostEpoch : epochOf(present);
    gated.acknowledged(GatedTransaction.acknowledged(epoch, transaction, wrapped));
  }

  /// A transaction is over; its requests, to the last of them, are still there.
  void ending(OpenTransaction transaction, Segment last) {
    twin.ends(session.state(), transaction, last);
  }

  String stateName() {
    return phase == Phase.RESTORING ? "restoring" : "held";
  }

  boolean hasTwin() {
    return twin.isReady();
  }

  int moves() {
    return moves;
  }

  long servedEpoch() {
    return servedEpoch;
  }

  void routeChanged(RouteState changed) {
    switch (changed) {
      case RouteState.Open open -> opened(open);
      case RouteState.Draining _ -> drain();
      case RouteState.Held held -> routeHeld(held);
    }
  }

  private void drain() {
    if (phase == Phase.SERVING && !draining) {
      draining = true;
      keepAlive.start(null);
      armBound();
    }
  }

  private void routeHeld(RouteState.Held held) {
    Dialogue present = session.dialogue();
    if (present != null && epochOf(present) <= held.epoch()) {
      session.detach();
      if (phase == Phase.SERVING) {
        lostEpoch = epochOf(present);
      }
    }
    if (phase != Phase.SERVING || session.dialogue() == null) {
      hold();
    }
  }

  private void opened(RouteState.Open open) {
    if (phase == Phase.RESTORING && open.epoch() == restoringEpoch) {
      return;
    }
    Dialogue present = session.dialogue();
    if (phase == Phase.SERVING && present != null) {
      if (epochOf(present) == open.epoch()) {
        draining = false;
        servedEpoch = open.epoch();
        keepAlive.stop();
        disarmBound();
        twin.follow(open);
        return;
      }
      lostEpoch = epochOf(present);
    }
    draining = false;
    hold();
    restore(open);
  }

  /// The epoch in which a backend's work counts. A twin was opened in an earlier one than that in
  /// which it was taken: going by the former, a session would leave its healthy backend at the next
  /// news of the route, and ask for the fate of its commits in the wrong epoch.
  long epochOf(Dialogue dialogue) {
    return Math.max(dialogue.backend().epoch(), servedEpoch);
  }

  /// The connection to the backend ended.
  ///
  /// @param farewell the server's last words, if it had any
  void backendLost(long epoch, @Nullable ErrorFields farewell) {
    if (phase == Phase.RESTORING) {
      retry("the new backend was lost while the session was restored", FIRST_RETRY_MILLIS);
      return;
    }
    lostEpoch = epoch;
    RouteState state = front.route().state();
    if (state instanceof RouteState.Held || state.epoch() > epoch) {
      hold();
      routeChanged(state);
      return;
    }
    phase = Phase.ASKING;
    int asked = ++attempt;
    keepAlive.start(null);
    armBound();
    front
        .route()
        .backendLost(epoch, farewell != null)
        .whenComplete(
            (verdict, failure) ->
                clock.execute(
                    () -> {
                      if (asked == attempt && phase == Phase.ASKING && !session.ended()) {
                        judged(failure == null ? verdict : LossVerdict.HOME_GOING, farewell);
                      }
                    }));
  }

  private void judged(LossVerdict verdict, @Nullable ErrorFields farewell) {
    switch (verdict) {
      case SESSION_ENDED -> session.close(farewell == null ? Refusals.connectionLost() : farewell);
      case HOME_GOING -> {
        hold();
        RouteState state = front.route().state();
        if (state.epoch() > lostEpoch) {
          routeChanged(state);
        }
        session.flush();
      }
    }
  }

  /// From here on nothing is passed on, until there is a next home.
  private void hold() {
    attempt++;
    // what an earlier attempt opened must not speak beside what the next one opens
    session.detach();
    Flight under = session.flight();
    if (under != null && under.torn()) {
      // the client was promised the rest of a message that nobody has
      LOG.info("session {}: closed in the middle of a message that cannot be continued", number());
      session.close(null);
      return;
    }
    phase = Phase.HELD;
    if (announced == null) {
      Flight sent = session.flight();
      gated.announce(sent != null && sent.endSent() ? session.transaction() : null);
    }
    takeTurn(turn());
    keepAlive.start(null);
    armBound();
  }

  private Turn turn() {
    OpenTransaction open = session.transaction();
    boolean answered = open != null && !open.answered().isEmpty();
    if (answered || session.state().binding().holdsLocks()) {
      return Turn.OPEN_TRANSACTION;
    }
    return turnOfNext();
  }

  /// What comes when the answered requests have been replayed.
  private Turn turnOfNext() {
    return session.flight() != null ? Turn.IN_FLIGHT : Turn.NEW_WORK;
  }

  private void takeTurn(Turn next) {
    Turn before = announced;
    announced = next;
    if (before == null) {
      front.order().announce(next);
    } else if (before != next) {
      front.order().change(before, next);
    }
  }

  private void armBound() {
    if (bound == null) {
      long millis = front.settings().holdMillis();
      bound =
          clock.after(
              millis,
              () -> {
                if (tally != null) {
                  tally.failed.incrementAndGet();
                }
                LOG.warn("session {}: held for {} ms, closed", number(), millis);
                session.close(Refusals.heldTooLong(millis));
              });
    }
  }

  private void disarmBound() {
    SessionClock.Timer timer = bound;
    bound = null;
    if (timer != null) {
      timer.cancel();
    }
  }

  // The next home.

  private void restore(RouteState.Open open) {
    if (session.ended()) {
      return;
    }
    phase = Phase.RESTORING;
    restoringEpoch = open.epoch();
    int mine = ++attempt;
    Tally counted = front.tallies().of(open.epoch());
    if (tally != counted) {
      tally = counted;
      counted.clientsHeld.incrementAndGet();
    }
    keepAlive.start(counted);
    resolve(
        () -> {
          takeTurn(turn());
          gated.settle(
              front.route(),
              clock,
              () -> isCurrent(mine),
              () -> {
                if (isCurrent(mine)) {
                  open(open, FIRST_RETRY_MILLIS);
                }
              });
        });
  }

  private boolean isCurrent(int mine) {
    return mine == attempt && !session.ended();
  }

  /// Finds out what became of a commit that was under way, and what can be done again.
  private void resolve(Runnable then) {
    Flight under = session.flight();
    OpenTransaction transaction = session.transaction();
    if (under == null || transaction == null || !under.commitSent()) {
      judgeRepeatable();
      then.run();
      return;
    }
    if (under.unknowable()) {
      LOG.warn("session {}: outcome of its last request is unknown, told 08007", number());
      count(counted -> counted.failed.incrementAndGet());
      gated.resolved();
      session.settleFailed(Refusals.unknownOutcome(), TransactionStatus.IDLE);
      session.flush();
      then.run();
      return;
    }
    if (transaction.id() == 0) {
      // it wrote nothing that others could have seen
      gated.resolved();
      judgeRepeatable();
      then.run();
      return;
    }
    int mine = attempt;
    front
        .route()
        .fate(lostEpoch, transaction.id())
        .whenComplete(
            (fate, failure) ->
                clock.execute(
                    () -> {
                      if (mine == attempt && !session.ended()) {
                        fateTold(fate, failure, then);
                      }
                    }));
  }

  private void fateTold(@Nullable Fate fate, @Nullable Throwable failure, Runnable then) {
    if (failure != null || fate == null) {
      LOG.warn(
          "session {}: fate of its transaction not told: {}", number(), String.valueOf(failure));
      count(counted -> counted.failed.incrementAndGet());
      gated.resolved();
      session.settleFailed(Refusals.unknownOutcome(), TransactionStatus.IDLE);
    } else {
      switch (fate) {
        case COMMITTED -> {
          gated.covered();
          gated.resolved();
          session.settleCommitted();
        }
        case NOT_COMMITTED -> notCommitted();
      }
    }
    session.flush();
    then.run();
  }

  /// Others may have seen what it did before the home was lost, and been told so: it takes its
  /// place among theirs. Not so a COMMIT AND CHAIN, whose replay would leave a block open behind
  /// it.
  private void notCommitted() {
    OpenTransaction transaction = session.transaction();
    Flight under = session.flight();
    if (transaction != null
        && under != null
        && transaction.gated()
        && transaction.replayable()
        && !under.statements().chains()
        && under.segment().whole()) {
      gated.uncovered(GatedTransaction.inFlight(lostEpoch, transaction, under));
    } else {
      judgeRepeatable();
    }
  }

  /// What is not held any more cannot be sent again: the client is told 40001.
  private void judgeRepeatable() {
    OpenTransaction transaction = session.transaction();
    if (transaction == null || transaction.doomed()) {
      gated.resolved();
      return;
    }
    transaction.beginsAnew();
    Flight under = session.flight();
    if (under != null) {
      under.nothingCommitted();
    }
    boolean repeatable =
        (transaction.replayable() || session.status() == TransactionStatus.IDLE)
            && !transaction.untold()
            && (under == null || (under.segment().whole() && !under.inPieces()));
    if (!repeatable) {
      gated.resolved();
      doom();
    }
  }

  private void doom() {
    OpenTransaction transaction = session.transaction();
    Flight under = session.flight();
    if (transaction == null) {
      return;
    }
    if (under == null) {
      transaction.doom(session.status() == TransactionStatus.FAILED);
      return;
    }
    countSerializationFailure();
    boolean ends = under.wouldEnd() || session.status() == TransactionStatus.IDLE;
    transaction.doom(true);
    session.settleFailed(
        Refusals.serializationFailure(), ends ? TransactionStatus.IDLE : TransactionStatus.FAILED);
  }

  void countSerializationFailure() {
    count(counted -> counted.serializationFailures.incrementAndGet());
  }

  private void count(java.util.function.Consumer<Tally> counter) {
    Tally present = tally;
    if (present != null) {
      counter.accept(present);
    }
  }

  private void open(RouteState.Open open, long retryMillis) {
    Movability movability = session.state().movability();
    if (!movability.movable()) {
      notMovable(String.valueOf(movability.reason()));
      return;
    }
    endInterruptedReplay();
    if (gated.isReplaying() || announced != Turn.NEW_WORK) {
      connect(open, retryMillis);
    } else {
      // its login would be in the way of those that have something under way
      awaitTurn(() -> connect(open, retryMillis));
    }
  }

  void notMovable(String reason) {
    LOG.warn("session {}: not moved: {}", number(), reason);
    count(counted -> counted.failed.incrementAndGet());
    session.close(Refusals.notMovable(reason));
  }

  private void endInterruptedReplay() {
    GatedTransaction interrupted = gated.interrupted();
    if (interrupted == null) {
      return;
    }
    if (interrupted.isAcknowledged()) {
      gated.alarm(interrupted, "the next home's backend was lost while it was replayed");
    } else {
      session.settleFailed(Refusals.unknownOutcome(), TransactionStatus.IDLE);
      session.flush();
    }
    count(counted -> counted.failed.incrementAndGet());
    gated.done(interrupted);
  }

  private void awaitTurn(Runnable go) {
    int mine = attempt;
    Turn turn = announced == null ? Turn.NEW_WORK : announced;
    front.order().await(turn, clock, ifCurrent(mine, go));
  }

  private Runnable ifCurrent(int mine, Runnable go) {
    return () -> {
      if (isCurrent(mine)) {
        go.run();
      }
    };
  }

  private void connect(RouteState.Open open, long retryMillis) {
    Twin.Spare spare = twin.take(open.home());
    if (spare != null) {
      spare.handOver(new Arrival(open, attempt, retryMillis));
      return;
    }
    backends.open(open.home(), open.epoch(), Purpose.WORK, new Arrival(open, attempt, retryMillis));
  }

  private void retry(String why, long millis) {
    RouteState state = front.route().state();
    hold();
    if (session.ended()) {
      return;
    }
    LOG.debug("session {}: {}, trying again in {} ms", number(), why, millis);
    int mine = attempt;
    clock.after(
        millis,
        () -> {
          if (mine == attempt && !session.ended() && state instanceof RouteState.Open open) {
            phase = Phase.RESTORING;
            attempt++;
            open(open, Math.min(MAX_RETRY_MILLIS, millis * 2));
            session.flush();
          }
        });
  }

  /// The backend with which the session continues.
  private final class Arrival extends BackendEvents {
    private final RouteState.Open open;
    private final int mine;
    private final long retryMillis;

    Arrival(RouteState.Open open, int mine, long retryMillis) {
      super(session);
      this.open = open;
      this.mine = mine;
      this.retryMillis = retryMillis;
    }

    @Override
    public void opened(BackendPort backend) {
      if (mine != attempt || session.ended()) {
        backend.close();
        return;
      }
      Dialogue dialogue = new Dialogue(backend);
      session.serve(dialogue);
      if (gated.isReplaying()) {
        session.state().restoration(session.transaction() != null).forEach(this::set);
        replayGated(open, dialogue);
      } else {
        begin(open, dialogue);
      }
    }

    private void set(String command) {
      Dialogue dialogue = dialogueOf();
      dialogue.write(OwnMessages.simple(command));
      dialogue.owe(new Swallowed(session.unasked(), (_, _, _) -> {}));
    }

    @Override
    public void refused(String why) {
      if (mine == attempt && !session.ended()) {
        retry(why, retryMillis);
      }
    }
  }

  private void begin(RouteState.Open open, Dialogue dialogue) {
    if (gated.ending() != 0) {
      int mine = attempt;
      front
          .order()
          .awaitPlace(gated.ending(), clock, ifCurrent(mine, () -> replay(open, dialogue)));
    } else if (announced == Turn.OPEN_TRANSACTION) {
      awaitTurn(() -> replay(open, dialogue));
    } else {
      // parameters alone are in nobody's way
      replay(open, dialogue);
    }
  }

  private void replay(RouteState.Open open, Dialogue dialogue) {
    new Restoration(session, dialogue, replayed -> restored(open, replayed)).begin();
    session.flush();
  }

  /// Acknowledged transactions that no log covers, and one that may have been seen by others, each
  /// in its place among those of all sessions; then the session itself.
  private void replayGated(RouteState.Open open, Dialogue dialogue) {
    GatedTransaction next = gated.next();
    if (next == null) {
      dialogue.write(OwnMessages.simple("DEALLOCATE ALL"));
      dialogue.owe(new Swallowed(session.unasked(), (_, _, _) -> {}));
      session.flush();
      begin(open, dialogue);
      return;
    }
    int mine = attempt;
    front
        .order()
        .awaitPlace(
            next.place(),
            clock,
            () -> {
              if (isCurrent(mine)) {
                new GatedReplay(
                        session,
                        dialogue,
                        next,
                        same -> {
                          gatedReplayed(next, same);
                          replayGated(open, dialogue);
                        })
                    .begin();
              }
            });
  }

  private void gatedReplayed(GatedTransaction transaction, boolean same) {
    if (same) {
      count(counted -> counted.transactionsReplayed.incrementAndGet());
      count(counted -> counted.requestsReplayed.addAndGet(transaction.requests()));
      front
          .requestLog()
          .forwarded(
              session.number(), transaction.transaction().firstRequest(), transaction.requests());
    }
    if (transaction.isAcknowledged()) {
      if (!same) {
        count(counted -> counted.failed.incrementAndGet());
        gated.alarm(transaction, "its replay gave other answers than the client has");
      }
    } else if (same) {
      session.settleCommitted();
    } else {
      LOG.info("session {}: replayed transaction gave other answers, rolled back", number());
      doom();
    }
    gated.done(transaction);
    session.flush();
  }

  /// @param replayed null when a replayed answer differs from what the client was given
  private void restored(RouteState.Open open, @Nullable Integer replayed) {
    OpenTransaction transaction = session.transaction();
    if (replayed == null) {
      LOG.info("session {}: replayed transaction gave other answers, rolled back", number());
      doom();
      new Restoration(session, dialogueOf(), again -> restored(open, again)).beginDoomed();
      return;
    }
    if (transaction != null && (replayed > 0 || session.flight() != null)) {
      int requests = replayed + (session.flight() == null ? 0 : 1);
      count(counted -> counted.requestsReplayed.addAndGet(requests));
      if (replayed > 0) {
        count(counted -> counted.transactionsReplayed.incrementAndGet());
      }
      if (transaction.guarded()) {
        front.requestLog().forwarded(session.number(), transaction.firstRequest(), requests);
      }
    }
    // what is under way may wait for a lock that an answered request of another session held: it
    // must not come before that request's replay, or take what others were told that they have
    if (gated.ending() != 0 && session.flight() != null) {
      resume(open);
    } else {
      gated.resolved();
      takeTurn(turnOfNext());
      awaitTurn(() -> resume(open));
    }
  }

  /// The client's requests go on.
  private void resume(RouteState.Open open) {
    phase = Phase.SERVING;
    servedEpoch = open.epoch();
    moves++;
    attempt++;
    keepAlive.stop();
    disarmBound();
    if (session.state().listens()) {
      session.warn(Refusals.missedNotifications());
    }
    session.relaunch();
    if (gated.ending() == 0) {
      finishTurn();
    }
    session.pump();
    session.flush();
    twin.follow(open);
    RouteState now = front.route().state();
    if (!now.equals(open)) {
      routeChanged(now);
    }
  }

  private Dialogue dialogueOf() {
    Dialogue present = session.dialogue();
    if (present == null) {
      throw new IllegalStateException("restored without a backend");
    }
    return present;
  }

  /// A segment of the client is answered.
  void answered() {
    if (phase == Phase.SERVING) {
      gated.resolved();
      finishTurn();
    }
  }

  private void finishTurn() {
    Turn turn = announced;
    announced = null;
    if (turn != null) {
      front.order().done(turn);
    }
  }

  /// A repeated answer in the middle of its delivery turned out different: the backend's state is
  /// of no use, so the session comes again on another.
  void diverged() {
    RouteState state = front.route().state();
    session.detach();
    doom();
    hold();
    if (state instanceof RouteState.Open open) {
      restore(open);
    }
  }

  void cancelRequested() {
    Flight under = session.flight();
    OpenTransaction transaction = session.transaction();
    if (under == null || transaction == null || under.commitSent() || phase == Phase.ASKING) {
      return;
    }
    boolean ends = session.status() == TransactionStatus.IDLE;
    transaction.doom(true);
    session.settleFailed(
        Refusals.cancelled(), ends ? TransactionStatus.IDLE : TransactionStatus.FAILED);
  }

  void end() {
    attempt++;
    int lost = gated.end();
    count(counted -> counted.failed.addAndGet(lost));
    keepAlive.stop();
    disarmBound();
    finishTurn();
    twin.close();
  }

  /// Nanoseconds per millisecond, for views.
  static double millis(long nanos) {
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  private long number() {
    return session.number();
  }
}
