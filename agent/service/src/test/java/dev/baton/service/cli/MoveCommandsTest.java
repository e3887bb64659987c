package dev.baton.service.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.Json;
import dev.baton.model.view.PlanView.Verdict;
import dev.baton.service.control.FakeControlSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plans and moves at the terminal: shown, confirmed, followed to their end.
final class MoveCommandsTest extends TerminalStage {
  @Test
  void aPlanShowsWhatSpeaksAgainstIt() {
    source.plan = FakeControlSource.plan(null, Verdict.WARN);
    assertThat(baton("plan", "app", "--to", "b", "--reason", "disk")).isEqualTo(0);
    expect(
        """
        switchover of app from a to b   epoch 3 -> 4   plan p-1, good until 2026-03-01T12:01:00Z
                GUARDRAIL        NOW       THRESHOLD       WHY
          pass  standby in sync  in-sync   in-sync         b has all commits
          WARN  replay lag       88 bytes  16777216 bytes  what is not replayed makes the take-over longer; remedy: wait, or end the long query on b
          lost if the source died now: nothing: every acknowledged commit is in the memory of b
          16 clients to hold, 4 open transactions, 1 sessions not movable, expected stall 60.0 ms
        """);
    assertThat(source.asked).containsExactly("alice: plan app null -> b (disk)");
  }

  @Test
  void aMoveIsShownConfirmedAndFollowedToItsEnd() {
    movesEnd("done");
    assertThat(baton("move", "--yes", "--to", "b", "--reason", "maintenance of a")).isEqualTo(0);
    expect(
        """
        switchover of app from a to b   epoch 3 -> 4   plan p-1, good until 2026-03-01T12:01:00Z
                GUARDRAIL        NOW       THRESHOLD       WHY
          pass  standby in sync  in-sync   in-sync         b has all commits
          pass  replay lag       88 bytes  16777216 bytes  what is not replayed makes the take-over longer
          lost if the source died now: nothing: every acknowledged commit is in the memory of b
          16 clients to hold, 4 open transactions, 1 sessions not movable, expected stall 60.0 ms
          plan                         1.5 ms
          catch-up                    20.0 ms
          open-target                 50.0 ms
        move 7 of app from a to b: done
          took 71.5 ms (detected in 0.0 ms), 16 clients held, 4 transactions and 9 requests replayed, 2 keep-alives, 0 clients failed
        """);
    assertThat(source.asked)
        .containsExactly(
            "alice: plan app switchover -> b (maintenance of a)",
            "alice: move p-1 confirmed null (maintenance of a)");
  }

  @Test
  void aPersonSeesEachPhaseGrow() {
    person = true;
    movesEnd("done");
    assertThat(baton("move", "--yes")).isEqualTo(0);
    assertThat(out.toString())
        .contains("  [x] catch-up                 20.0 ms  ############")
        .contains("  [>] open-target              50.0 ms  ##############################")
        .contains("\u001b[10A\u001b[J")
        .contains("  [x] open-target              50.0 ms")
        .contains("  [-] hold")
        .contains("  [ ] rejoin");
    assertThat(out.toString().indexOf("[>] open-target"))
        .isLessThan(out.toString().indexOf("[x] open-target"));
  }

  @Test
  void aMoveThatFailsEndsWithOne() {
    movesEnd("failed");
    assertThat(baton("move", "-y")).isEqualTo(1);
    assertThat(out.toString()).contains("move 7 of app from a to b: failed");
  }

  @Test
  void jsonOfAMoveIsTheMoveAlone() {
    movesEnd("done");
    assertThat(baton("move", "--yes", "--json")).isEqualTo(0);
    assertThat(Json.MAPPER.readTree(out.toString()).get("outcome").asString()).isEqualTo("done");
  }

  @Test
  void aBlockedPlanMovesNothing() {
    source.plan = FakeControlSource.plan(null, Verdict.BLOCK);
    assertThat(baton("move", "--yes")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "baton: not moved: replay lag is 88 bytes, needed is 16777216 bytes; wait, or end the"
                + " long query on b");
    assertThat(source.asked).hasSize(1);
    assertThat(baton("plan")).isEqualTo(1);
  }

  @Test
  void aForcedFailoverNeedsTheTargetsName() {
    source.plan = FakeControlSource.plan("b", Verdict.PASS);
    movesEnd("done");
    assertThat(baton("failover", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("needs --confirm b");
    assertThat(baton("failover", "--confirm", "a")).isEqualTo(1);
    assertThat(err.toString()).contains("'a' is not 'b'");
    assertThat(source.asked).noneMatch(asked -> asked.contains(": move "));
    assertThat(baton("failover", "--confirm", "b")).isEqualTo(0);
    assertThat(source.asked).contains("alice: move p-1 confirmed b (null)");
  }

  @ParameterizedTest
  @CsvSource({"y, 0", "YES, 0", "n, 1", "'', 1", "b, 1"})
  void aPersonIsAsked(String answer, int status) {
    person = true;
    typed = answer;
    movesEnd("done");
    assertThat(baton("move")).isEqualTo(status);
    assertThat(out.toString()).contains("Move app to b now? [y/N] ");
    assertThat(source.asked.stream().filter(asked -> asked.contains(": move ")).count())
        .isEqualTo(1 - status);
  }

  @Test
  void aPersonTypesTheTargetsName() {
    person = true;
    typed = "b\n";
    source.plan = FakeControlSource.plan("b", Verdict.PASS);
    movesEnd("done");
    assertThat(baton("failover")).isEqualTo(0);
    assertThat(out.toString()).contains("Type b to go on: ");
  }

  @Test
  void nobodyIsAskedWhereNobodyIs() {
    assertThat(baton("move")).isEqualTo(1);
    assertThat(err.toString()).contains("add --yes");
    assertThat(source.asked).hasSize(1);
  }
}
