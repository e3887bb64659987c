package dev.baton.core.drill;

import dev.baton.core.drill.DrillState.Check;
import dev.baton.core.drill.DrillState.Ended;
import dev.baton.core.drill.DrillState.Harming;
import dev.baton.core.drill.DrillState.Healing;
import dev.baton.core.drill.DrillState.Move;
import dev.baton.core.drill.DrillState.Plan;
import dev.baton.core.drill.DrillState.Recovering;
import dev.baton.core.drill.DrillState.Seen;
import dev.baton.core.drill.DrillState.Stopped;
import dev.baton.core.drill.DrillState.Watching;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides how a drill goes on. Pure. Whatever happens, the harm is taken back: when the move that
/// it caused has ended, when somebody breaks the drill off, or when its time is over.
public final class DrillMachine {
  /// The harm is done at once or not at all.
  private static final long HARM_MILLIS = 30_000;

  private static final long HEAL_MILLIS = 30_000;
  private static final String DONE = "done";

  private DrillMachine() {}

  /// What the driver is to do.
  public enum Command {
    HARM,
    HEAL
  }

  /// @param reason what has happened, for the report; empty when nothing has
  public record Step(DrillState next, Optional<Command> command, String reason) {
    private static Step stay(DrillState state) {
      return new Step(state, Optional.empty(), "");
    }

    private static Step to(DrillState next, String reason) {
      return new Step(next, Optional.empty(), reason);
    }
  }

  public static Step begin(Plan plan, long nowMillis) {
    return new Step(
        new Harming(plan, nowMillis, Seen.NOTHING), Optional.of(Command.HARM), "the drill begins");
  }

  public static Step step(DrillState state, DrillEvent event, long nowMillis) {
    return switch (state) {
      case Harming harming -> harming(harming, event, nowMillis);
      case Watching watching -> watching(watching, event, nowMillis);
      case Healing healing -> healing(healing, event, nowMillis);
      case Recovering recovering -> recovering(recovering, event, nowMillis);
      case Ended ended -> Step.stay(ended);
    };
  }

  private static Step harming(Harming state, DrillEvent event, long now) {
    return switch (event) {
      case DrillEvent.Harmed(boolean applied, String what) ->
          applied
              ? Step.to(new Watching(state.plan(), now, state.seen()), what)
              : heal(state.plan(), now, state.seen().with(new Stopped(false, what)), what);
      case DrillEvent.MoveEnded ended ->
          caused(state.plan(), ended)
              ? Step.to(
                  new Harming(state.plan(), state.sinceMillis(), state.seen().with(ended.move())),
                  told(ended.move()))
              : Step.stay(state);
      case DrillEvent.AbortAsked asked -> abort(state.plan(), now, state.seen(), asked);
      case DrillEvent.Tick _ ->
          now - state.sinceMillis() > HARM_MILLIS
              ? heal(
                  state.plan(),
                  now,
                  state.seen().with(new Stopped(false, "the harm could not be done in time")),
                  "the harm could not be done in time")
              : Step.stay(state);
      case DrillEvent.Healed _, DrillEvent.Standing _ -> Step.stay(state);
    };
  }

  private static Step watching(Watching state, DrillEvent event, long now) {
    Move before = state.seen().move();
    if (before != null) {
      return heal(state.plan(), state.harmedMillis(), state.seen(), told(before));
    }
    return switch (event) {
      case DrillEvent.MoveEnded ended ->
          caused(state.plan(), ended)
              ? heal(
                  state.plan(),
                  state.harmedMillis(),
                  state.seen().with(ended.move()),
                  told(ended.move()))
              : Step.stay(state);
      case DrillEvent.AbortAsked asked ->
          abort(state.plan(), state.harmedMillis(), state.seen(), asked);
      case DrillEvent.Tick _ -> {
        String why = "no move has ended within " + state.plan().expiryMillis() / 1000 + " s";
        yield now - state.harmedMillis() > state.plan().expiryMillis()
            ? heal(
                state.plan(),
                state.harmedMillis(),
                state.seen().with(new Stopped(false, why)),
                why + ": what was done is taken back")
            : Step.stay(state);
      }
      case DrillEvent.Harmed _, DrillEvent.Healed _, DrillEvent.Standing _ -> Step.stay(state);
    };
  }

  private static Step healing(Healing state, DrillEvent event, long now) {
    return switch (event) {
      case DrillEvent.Healed(boolean done, String what) ->
          Step.to(
              new Recovering(
                  state.plan(), state.harmedMillis(), now, state.seen().afterHealing(done)),
              what);
      case DrillEvent.MoveEnded ended ->
          caused(state.plan(), ended)
              ? Step.to(
                  new Healing(state.plan(), state.harmedMillis(), state.seen().with(ended.move())),
                  told(ended.move()))
              : Step.stay(state);
      case DrillEvent.Tick _ ->
          now - state.harmedMillis() > state.plan().expiryMillis() + HEAL_MILLIS
              ? Step.to(
                  new Recovering(state.plan(), state.harmedMillis(), now, state.seen()),
                  "nobody says that what was done is taken back")
              : Step.stay(state);
      case DrillEvent.AbortAsked _, DrillEvent.Harmed _, DrillEvent.Standing _ -> Step.stay(state);
    };
  }

  private static Step recovering(Recovering state, DrillEvent event, long now) {
    return switch (event) {
      case DrillEvent.Standing(String home, boolean isProtected) ->
          isProtected && isNews(state.seen().move(), home)
              ? ended(state, home, (now - state.harmedMillis()) / 1e3)
              : overdue(state, home, now);
      case DrillEvent.MoveEnded ended ->
          caused(state.plan(), ended) && state.seen().move() == null
              ? Step.to(
                  new Recovering(
                      state.plan(),
                      state.harmedMillis(),
                      state.healedMillis(),
                      state.seen().with(ended.move())),
                  told(ended.move()))
              : Step.stay(state);
      case DrillEvent.Tick _, DrillEvent.AbortAsked _, DrillEvent.Harmed _, DrillEvent.Healed _ ->
          Step.stay(state);
    };
  }

  /// False for what was measured before the move had ended.
  private static boolean isNews(@Nullable Move move, String home) {
    return move == null || !move.outcome().equals(DONE) || home.equals(move.target());
  }

  private static Step overdue(Recovering state, String home, long now) {
    return now - state.healedMillis() > state.plan().recoveryMillis()
        ? ended(state, home, null)
        : Step.stay(state);
  }

  /// A move that began before the drill is none of its doing.
  private static boolean caused(Plan plan, DrillEvent.MoveEnded ended) {
    return ended.epoch() > plan.epoch();
  }

  private static String told(Move move) {
    return "move %d from %s to %s: %s, clients served after %.0f ms"
        .formatted(move.id(), move.source(), move.target(), move.outcome(), move.servedMillis());
  }

  private static Step heal(Plan plan, long harmedMillis, Seen seen, String reason) {
    return new Step(new Healing(plan, harmedMillis, seen), Optional.of(Command.HEAL), reason);
  }

  private static Step abort(Plan plan, long harmed, Seen seen, DrillEvent.AbortAsked asked) {
    String why =
        "%s breaks it off%s"
            .formatted(asked.actor(), asked.reason().isEmpty() ? "" : ": " + asked.reason());
    return heal(plan, harmed, seen.with(new Stopped(true, why)), why);
  }

  private static Step ended(Recovering state, String home, @Nullable Double recoverySeconds) {
    List<Check> checks = checks(state.plan(), state.seen(), home, recoverySeconds);
    Stopped stopped = state.seen().stopped();
    boolean all = checks.stream().allMatch(Check::met);
    String outcome = stopped != null && stopped.aborted() ? "aborted" : all ? "passed" : "failed";
    String explanation =
        stopped != null
            ? stopped.why()
            : all
                ? "all went as expected"
                : checks.stream()
                    .filter(check -> !check.met())
                    .map(
                        check ->
                            "%s: expected %s, seen %s"
                                .formatted(check.name(), check.expected(), check.actual()))
                    .reduce((one, other) -> one + "; " + other)
                    .orElse("");
    return Step.to(
        new Ended(state.plan(), outcome, explanation, checks, state.seen()), "ended: " + outcome);
  }

  private static List<Check> checks(
      Plan plan, Seen seen, String home, @Nullable Double recoverySeconds) {
    Move move = seen.move();
    return List.of(
        new Check(
            "a move",
            "done",
            move == null ? null : move.outcome(),
            move != null && move.outcome().equals(DONE)),
        new Check("home", plan.target(), home, home.equals(plan.target())),
        new Check(
            "clients served again",
            "within %d ms".formatted(plan.stallMillis()),
            move == null
                ? null
                : "after %.0f ms".formatted(move.detectMillis() + move.servedMillis()),
            move != null && move.detectMillis() + move.servedMillis() <= plan.stallMillis()),
        new Check(
            "clients that got an error",
            "0",
            move == null ? null : Integer.toString(move.clientsFailed()),
            move != null && move.clientsFailed() == 0),
        new Check("harm taken back", "yes", seen.healed() ? "yes" : "no", seen.healed()),
        new Check(
            "protected again",
            "within %d s".formatted(plan.recoveryMillis() / 1000),
            recoverySeconds == null ? null : "after %.1f s".formatted(recoverySeconds),
            recoverySeconds != null));
  }
}
