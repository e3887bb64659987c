package dev.baton.core.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.move.PlanFacts.Coordinated;
import dev.baton.model.Durability;
import dev.baton.model.MoveKind;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.PlanView.Guardrail;
import dev.baton.model.view.PlanView.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanBuilderTest {
  @Test
  void aHealthyClusterMayBeSwitchedOverWithoutAWord() {
    PlanView plan = plan(MoveKind.SWITCHOVER, true, true, 0L, Coordinated.CONNECTED, null);
    assertThat(plan.runnable()).isTrue();
    assertThat(plan.confirmation()).isNull();
    assertThat(plan.dataAtRisk().bytes()).isZero();
    assertThat(plan.guardrails()).extracting(Guardrail::verdict).containsOnly(Verdict.PASS);
  }

  @Test
  void whatCannotSucceedIsBlockedWithTheReasonAndARemedy() {
    assertThat(blocks(plan(MoveKind.SWITCHOVER, false, true, 0L, Coordinated.CONNECTED, null)))
        .containsExactly("source");
    assertThat(blocks(plan(MoveKind.SWITCHOVER, true, false, 0L, Coordinated.CONNECTED, null)))
        .containsExactly("standby in sync");
    assertThat(blocks(plan(MoveKind.SWITCHOVER, true, true, 1L << 40, Coordinated.CONNECTED, null)))
        .containsExactly("lag");
    assertThat(blocks(plan(MoveKind.FAILOVER, false, true, 0L, Coordinated.LOST, 3L)))
        .containsExactly("coordination", "running move");
  }

  @Test
  void aFailoverThatMayLoseSomethingNeedsTheTargetsName() {
    PlanView silent = plan(MoveKind.FAILOVER, false, true, 0L, Coordinated.CONNECTED, null);
    assertThat(silent.confirmation()).isEqualTo("b");
    assertThat(silent.dataAtRisk().bytes()).isZero();
    PlanView behind = plan(MoveKind.FAILOVER, false, false, 10L, Coordinated.CONNECTED, null);
    assertThat(behind.runnable()).isTrue();
    assertThat(behind.confirmation()).isEqualTo("b");
    assertThat(behind.dataAtRisk().bytes()).isEqualTo(77);
  }

  @Test
  void aPlanIsBoundToWhatItWasMadeOn() {
    PlanBinding plan = new PlanBinding(3, 10, new TreeSet<>(List.of("b")));
    assertThat(PlanBuilder.changed(plan, plan)).isNull();
    assertThat(PlanBuilder.changed(plan, new PlanBinding(4, 12, new TreeSet<>())))
        .isEqualTo("the epoch was 3 and is 4; in sync were [b] and are []");
  }

  private static List<String> blocks(PlanView plan) {
    assertThat(plan.runnable()).isFalse();
    return plan.guardrails().stream()
        .filter(guardrail -> guardrail.verdict() == Verdict.BLOCK)
        .peek(guardrail -> assertThat(guardrail.remedy()).isNotBlank())
        .map(Guardrail::name)
        .toList();
  }

  private static PlanView plan(
      MoveKind kind,
      boolean sourceAnswers,
      boolean inSync,
      long lagBytes,
      Coordinated coordination,
      @Nullable Long runningMove) {
    return PlanBuilder.build(
        new PlanFacts(
            "p1",
            kind,
            "app",
            "a",
            "b",
            Durability.REPLICATION,
            new PlanBinding(3, 10, new TreeSet<>(List.of("b"))),
            sourceAnswers,
            inSync,
            lagBytes,
            77L,
            0.5,
            2,
            true,
            10.0,
            1L << 40,
            coordination,
            runningMove,
            null,
            16,
            3,
            List.of(),
            null,
            Instant.EPOCH),
        PlanLimits.DEFAULT);
  }
}
