package dev.baton.core.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.drill.DrillMachine.Command;
import dev.baton.core.drill.DrillMachine.Step;
import dev.baton.core.drill.DrillState.Check;
import dev.baton.core.drill.DrillState.Ended;
import dev.baton.core.drill.DrillState.Move;
import dev.baton.core.drill.DrillState.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a drill goes, told as what happens to it.
class DrillMachineTest {
  private static final Plan PLAN = new Plan("a", "b", 3, 60_000, 120_000, 3_000);
  private static final Move MOVE = new Move(7, "a", "b", "done", 20, 180, 0);
  private static final DrillEvent HARMED = new DrillEvent.Harmed(true, "killed 4711");
  private static final DrillEvent ENDED = new DrillEvent.MoveEnded(MOVE, 4);
  private static final DrillEvent HEALED = new DrillEvent.Healed(true, "nothing was left of it");
  private static final DrillEvent TICK = new DrillEvent.Tick();

  private final List<Command> commands = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private long now = 1_000;
  private DrillState state = take(DrillMachine.begin(PLAN, now));

  private DrillState take(Step step) {
    step.command().ifPresent(commands::add);
    if (!step.reason().isEmpty()) {
      reasons.add(step.reason());
    }
    return step.next();
  }

  private DrillMachineTest after(long millis, DrillEvent event) {
    now += millis;
    state = take(DrillMachine.step(state, event, now));
    return this;
  }

  private static DrillEvent standing(String home, boolean isProtected) {
    return new DrillEvent.Standing(home, isProtected);
  }

  private Ended ended() {
    assertThat(state).isInstanceOf(Ended.class);
    return (Ended) state;
  }

  @Test
  void allGoesAsExpected() {
    after(5, HARMED)
        .after(200, standing("a", true))
        .after(50, ENDED)
        .after(5, HEALED)
        .after(5, standing("a", true)) // measured before the move
        .after(100, standing("b", false))
        .after(4_000, standing("b", true));
    assertThat(ended().outcome()).isEqualTo("passed");
    assertThat(ended().checks()).allMatch(Check::met);
    assertThat(commands).containsExactly(Command.HARM, Command.HEAL);
    assertThat(reasons)
        .containsExactly(
            "the drill begins",
            "killed 4711",
            "move 7 from a to b: done, clients served after 180 ms",
            "nothing was left of it",
            "ended: passed");
  }

  @Test
  void aMoveThatEndsBeforeTheHarmIsConfirmedCounts() {
    after(5, ENDED).after(1, HARMED).after(100, TICK);
    assertThat(commands).containsExactly(Command.HARM, Command.HEAL);
    after(1, HEALED).after(1, standing("b", true));
    assertThat(ended().outcome()).isEqualTo("passed");
  }

  @Test
  void withoutAMoveTheHarmIsTakenBackWhenItsTimeIsOver() {
    after(5, HARMED).after(59_990, TICK);
    assertThat(commands).containsExactly(Command.HARM);
    after(20, TICK);
    assertThat(commands).containsExactly(Command.HARM, Command.HEAL);
    after(10, HEALED).after(10, standing("a", true));
    assertThat(ended().outcome()).isEqualTo("failed");
    assertThat(ended().explanation()).isEqualTo("no move has ended within 60 s");
    assertThat(ended().checks().getFirst()).isEqualTo(new Check("a move", "done", null, false));
  }

  @Test
  void whoeverBreaksItOffHasTheHarmTakenBack() {
    after(5, HARMED).after(100, new DrillEvent.AbortAsked("alice", "customers call"));
    assertThat(commands).containsExactly(Command.HARM, Command.HEAL);
    after(1, HEALED).after(1, standing("a", true));
    assertThat(ended().outcome()).isEqualTo("aborted");
    assertThat(ended().explanation()).isEqualTo("alice breaks it off: customers call");
  }

  @Test
  void aHarmThatCannotBeDoneIsTakenBackAllTheSame() {
    after(5, new DrillEvent.Harmed(false, "its database does not run"));
    assertThat(commands).containsExactly(Command.HARM, Command.HEAL);
    after(1, HEALED).after(1, standing("a", true));
    assertThat(ended().outcome()).isEqualTo("failed");
    assertThat(ended().explanation()).isEqualTo("its database does not run");
  }

  @Test
  void aHarmOfWhichNothingIsHeardIsTakenBack() {
    after(30_001, TICK);
    assertThat(commands).containsExactly(Command.HARM, Command.HEAL);
  }

  @Test
  void aServiceThatStaysUnprotectedFailsTheDrill() {
    after(5, HARMED).after(50, ENDED).after(5, HEALED).after(119_000, standing("b", false));
    assertThat(state).isInstanceOf(DrillState.Recovering.class);
    after(1_100, standing("b", false));
    assertThat(ended().explanation())
        .isEqualTo("protected again: expected within 120 s, seen null");
  }

  @Test
  void anOlderMoveIsNoneOfItsDoing() {
    after(5, HARMED).after(5, new DrillEvent.MoveEnded(MOVE, 3));
    assertThat(state).isInstanceOf(DrillState.Watching.class);
  }

  @ParameterizedTest
  @CsvSource({
    "done, c, 20, 180, 0, home",
    "failed, b, 20, 180, 0, a move",
    "done, b, 20, 2981, 0, clients served again",
    "done, b, 20, 180, 2, clients that got an error",
  })
  void whatIsNotAsExpectedIsNamed(
      String outcome, String target, double detect, double served, int failed, String check) {
    after(5, HARMED)
        .after(
            5,
            new DrillEvent.MoveEnded(new Move(7, "a", target, outcome, detect, served, failed), 4))
        .after(5, HEALED)
        .after(5, standing(outcome.equals("done") ? target : "b", true));
    assertThat(ended().outcome()).isEqualTo("failed");
    assertThat(ended().checks().stream().filter(each -> !each.met()).map(Check::name))
        .containsExactly(check);
  }

  @Test
  void harmThatStaysFailsTheDrill() {
    after(5, HARMED)
        .after(5, ENDED)
        .after(5, new DrillEvent.Healed(false, "process 4711 is still stopped"))
        .after(5, standing("b", true));
    assertThat(ended().outcome()).isEqualTo("failed");
    assertThat(ended().explanation()).contains("harm taken back");
  }

  /// Whatever comes in whatever order: the harm is ordered once, taken back once at most, and taken
  /// back before the end.
  @Test
  void theHarmIsAlwaysTakenBackOnce() {
    DrillEvent[] all = {
      HARMED,
      new DrillEvent.Harmed(false, "no"),
      ENDED,
      new DrillEvent.MoveEnded(MOVE, 2),
      HEALED,
      new DrillEvent.Healed(false, "no"),
      standing("a", true),
      standing("b", true),
      standing("b", false),
      new DrillEvent.AbortAsked("bob", ""),
      TICK
    };
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      DrillMachineTest run = new DrillMachineTest();
      for (int i = 0; i < 60 && !(run.state instanceof Ended); i++) {
        run.after(random.nextInt(20_000), all[random.nextInt(all.length)]);
        assertThat(run.commands.stream().filter(Command.HARM::equals))
            .as("seed " + seed)
            .hasSize(1);
        assertThat(run.commands.stream().filter(Command.HEAL::equals).count())
            .as("seed " + seed)
            .isLessThanOrEqualTo(1);
      }
      if (run.state instanceof Ended) {
        assertThat(run.commands).as("seed " + seed).contains(Command.HEAL);
      }
    }
  }

  /// Nothing but time passes: it must end.
  @Test
  void itEndsWhoeverIsSilent() {
    for (int i = 0; i < 500 && !(state instanceof Ended); i++) {
      after(1_000, i % 2 == 0 ? TICK : standing("a", false));
    }
    assertThat(ended().outcome()).isEqualTo("failed");
  }
}
