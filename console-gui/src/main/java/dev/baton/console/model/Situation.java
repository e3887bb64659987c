package dev.baton.console.model;

import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.MemoryView;
import dev.baton.model.view.MoveView;
import dev.baton.model.view.PositionsView;
import dev.baton.model.view.ServiceView;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an operator must be able to say of a service at a glance, each in one sentence: where its
/// home is, how far the standby lags, what would be lost if the home died now, what the last move
/// was, and whether it may be moved now. A pure function of what was measured.
///
/// @param target the standby that a move would go to; null when there is none
/// @param mayPlan a switchover may be planned: the home's own values are fresh
/// @param mayForce a failover may be planned: the agent that answers is fresh, whatever became of
///   the home
/// @param stale the values are too old to act on
/// @param ageMillis of the oldest value that the sentences rest on
public record Situation(
    Statement home,
    Statement lag,
    Statement risk,
    Statement lastMove,
    Statement move,
    @Nullable String target,
    boolean mayPlan,
    boolean mayForce,
    boolean stale,
    long ageMillis) {

  private static final String IN_SYNC = "in-sync";
  private static final String RUNNING = "running";
  private static final double LAG_WARNING_MILLIS = 5_000;

  /// What is the matter in a few words, to be read from afar; the same as a sentence; and how much
  /// it calls for attention.
  public record Statement(String brief, String text, Severity severity) {}

  static Situation of(
      Timed<ServiceView> service,
      @Nullable Timed<PositionsView> positions,
      List<Timed<MemoryView>> memory,
      @Nullable MoveView lastMove,
      LinkState link,
      boolean agentFresh,
      long nowMillis) {
    ServiceView view = service.value();
    Optional<ServiceView.StandbyView> best = bestStandby(view);
    String target = best.map(ServiceView.StandbyView::host).orElse(null);
    Timed<?> oldest =
        positions == null || service.measuredMillis() < positions.measuredMillis()
            ? service
            : positions;
    boolean stale = oldest.isStale(nowMillis);
    boolean mayForce = agentFresh && link.live() && view.runningMove() == null && target != null;
    Statement move = move(view, best, link, stale, oldest.ageMillis(nowMillis));
    return new Situation(
        home(view),
        lag(view, target, positions),
        risk(view, best, positions, memory),
        lastMove(lastMove, nowMillis, service),
        move,
        target,
        mayForce && !stale,
        mayForce,
        stale,
        oldest.ageMillis(nowMillis));
  }

  /// In sync before others, then the one that lags least.
  private static Optional<ServiceView.StandbyView> bestStandby(ServiceView view) {
    return view.standbys().stream()
        .min(
            Comparator.comparing((ServiceView.StandbyView s) -> !s.state().equals(IN_SYNC))
                .thenComparingLong(s -> s.lagBytes() == null ? Long.MAX_VALUE : s.lagBytes()));
  }

  private static Statement home(ServiceView view) {
    String epoch = Long.toString(view.epoch());
    String brief = Text.SITUATION_BRIEF_HOME.of(view.name(), view.home());
    return view.protectedNow()
        ? new Statement(
            brief,
            Text.SITUATION_HOME_PROTECTED.of(
                view.name(), view.home(), epoch, inSync(view), view.durability()),
            Severity.NORMAL)
        : new Statement(
            brief,
            Text.SITUATION_HOME_UNPROTECTED.of(view.name(), view.home(), epoch, why(view)),
            Severity.CRITICAL);
  }

  private static String inSync(ServiceView view) {
    return String.join(
        ", ",
        view.standbys().stream()
            .filter(s -> s.state().equals(IN_SYNC))
            .map(ServiceView.StandbyView::host)
            .toList());
  }

  private static String why(ServiceView view) {
    return Objects.requireNonNullElse(view.unprotectedReason(), Text.SITUATION_NO_REASON.of());
  }

  private static Statement lag(
      ServiceView view, @Nullable String target, @Nullable Timed<PositionsView> positions) {
    if (target == null) {
      return new Statement(
          Text.SITUATION_BRIEF_NO_STANDBY.of(),
          Text.SITUATION_LAG_NO_STANDBY.of(),
          Severity.WARNING);
    }
    Optional<PositionsView.Rung> replayed = rung(positions, target, "replayed");
    if (replayed.isEmpty()) {
      return new Statement(
          Text.SITUATION_BRIEF_UNKNOWN.of(),
          Text.SITUATION_LAG_UNKNOWN.of(target),
          Severity.WARNING);
    }
    Double millis = replayed.get().lagMillis();
    Severity severity =
        millis != null && millis > LAG_WARNING_MILLIS ? Severity.WARNING : Severity.NORMAL;
    String bytes = Units.bytes(replayed.get().lagBytes());
    return new Statement(
        behind(replayed.get()),
        millis == null
            ? Text.SITUATION_LAG_BYTES.of(target, view.home(), bytes)
            : Text.SITUATION_LAG.of(target, view.home(), bytes, Units.millis(millis)),
        severity);
  }

  private static Optional<PositionsView.Rung> rung(
      @Nullable Timed<PositionsView> positions, String host, String name) {
    return positions == null
        ? Optional.empty()
        : positions.value().standbys().stream()
            .filter(s -> s.host().equals(host))
            .flatMap(s -> s.rungs().stream())
            .filter(r -> r.name().equals(name))
            .findFirst();
  }

  private static Statement risk(
      ServiceView view,
      Optional<ServiceView.StandbyView> best,
      @Nullable Timed<PositionsView> positions,
      List<Timed<MemoryView>> memory) {
    if (best.isEmpty()) {
      return new Statement(
          Text.SITUATION_BRIEF_EVERYTHING.of(),
          Text.SITUATION_RISK_ALL.of(view.home(), why(view)),
          Severity.CRITICAL);
    }
    String target = best.get().host();
    Optional<PositionsView.Rung> inMemory = rung(positions, target, "in memory");
    String behind = inMemory.map(Situation::behind).orElse(Text.SITUATION_UNKNOWN_AMOUNT.of());
    if (!view.protectedNow()) {
      return new Statement(
          behind,
          Text.SITUATION_RISK_UNPROTECTED.of(view.home(), behind, target, why(view)),
          Severity.CRITICAL);
    }
    long uncovered =
        memory.stream()
            .filter(m -> m.value().host().equals(target))
            .mapToLong(m -> m.value().uncovered().size())
            .sum();
    return switch (view.durability()) {
      case REPLICATION ->
          new Statement(
              Text.SITUATION_BRIEF_NOTHING.of(),
              Text.SITUATION_RISK_REPLICATION.of(view.home(), target, Units.count(uncovered)),
              Severity.NORMAL);
      case REQUEST ->
          new Statement(
              Text.SITUATION_BRIEF_NOTHING.of(),
              Text.SITUATION_RISK_REQUEST.of(view.home(), target, behind, Units.count(uncovered)),
              Severity.NORMAL);
      case ASYNC ->
          new Statement(
              Text.SITUATION_BRIEF_UP_TO.of(behind),
              Text.SITUATION_RISK_ASYNC.of(view.home(), behind, target),
              Severity.WARNING);
    };
  }

  private static String behind(PositionsView.Rung rung) {
    String bytes = Units.bytes(rung.lagBytes());
    return rung.lagMillis() == null ? bytes : bytes + " / " + Units.millis(rung.lagMillis());
  }

  private static Statement lastMove(
      @Nullable MoveView move, long nowMillis, Timed<ServiceView> service) {
    if (move == null) {
      return new Statement(
          Text.SITUATION_BRIEF_NONE.of(), Text.SITUATION_MOVE_NONE.of(), Severity.NORMAL);
    }
    String id = Long.toString(move.id());
    String brief =
        Text.SITUATION_BRIEF_MOVE.of(move.kind(), move.source(), move.target(), move.outcome());
    String total = Units.millis(move.servedMillis());
    // both times are the agents'; the console's clock gives only what has passed since
    long since =
        service.value().measuredAt().toEpochMilli()
            - move.startedAt().toEpochMilli()
            + service.ageMillis(nowMillis);
    String ago = Units.age(Math.max(0, since));
    return switch (move.outcome()) {
      case RUNNING ->
          new Statement(
              brief,
              Text.SITUATION_MOVE_RUNNING.of(id, move.kind(), move.source(), move.target(), total),
              Severity.MAINTENANCE);
      case "done" ->
          new Statement(
              brief,
              Text.SITUATION_MOVE_DONE.of(
                  id,
                  move.kind(),
                  move.actor(),
                  move.reason(),
                  total,
                  ago,
                  move.clientsHeld(),
                  move.clientsFailed()),
              move.clientsFailed() == 0 ? Severity.NORMAL : Severity.WARNING);
      default ->
          new Statement(
              brief,
              Text.SITUATION_MOVE_OTHER.of(
                  id,
                  move.kind(),
                  move.source(),
                  move.target(),
                  move.outcome(),
                  ago,
                  Objects.requireNonNullElse(move.explanation(), "")),
              Severity.WARNING);
    };
  }

  private static Statement move(
      ServiceView view,
      Optional<ServiceView.StandbyView> best,
      LinkState link,
      boolean stale,
      long ageMillis) {
    if (link instanceof LinkState.Broken broken) {
      return no(Text.SITUATION_MAY_NOT_LINK.of(broken.reason()), Severity.CRITICAL);
    }
    if (link instanceof LinkState.Past) {
      Statement then = move(view, best, stale, ageMillis);
      return new Statement(
          Text.SITUATION_BRIEF_THEN.of(then.brief()),
          Text.SITUATION_MAY_NOT_PAST.of(then.text()),
          then.severity().worse(Severity.INFO));
    }
    return move(view, best, stale, ageMillis);
  }

  private static Statement no(String why, Severity severity) {
    return new Statement(Text.SITUATION_BRIEF_NO.of(), why, severity);
  }

  private static Statement move(
      ServiceView view, Optional<ServiceView.StandbyView> best, boolean stale, long ageMillis) {
    if (stale) {
      return no(Text.SITUATION_MAY_NOT_STALE.of(Units.age(ageMillis)), Severity.WARNING);
    }
    Long running = view.runningMove();
    if (running != null) {
      return no(Text.SITUATION_MAY_NOT_RUNNING.of(Long.toString(running)), Severity.MAINTENANCE);
    }
    if (best.isEmpty()) {
      return no(Text.SITUATION_MAY_NOT_NO_STANDBY.of(), Severity.WARNING);
    }
    if (!best.get().state().equals(IN_SYNC)) {
      return no(
          Text.SITUATION_MAY_NOT_SYNC.of(best.get().host(), best.get().state(), why(view)),
          Severity.WARNING);
    }
    return new Statement(
        Text.SITUATION_BRIEF_YES.of(best.get().host()),
        Text.SITUATION_MAY.of(best.get().host()),
        Severity.NORMAL);
  }
}
