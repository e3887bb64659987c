package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.PretendCluster;
import dev.baton.console.link.LinkEvent;
import dev.baton.model.Durability;
import dev.baton.model.view.StreamMessage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an operator can say at a glance.
class SituationTest {
  private static final URI ADDRESS = URI.create("http://127.0.0.1:6434");

  private final PretendCluster told = new PretendCluster(Map.of());
  private long nowMillis = 1_000_000;
  private final ClusterModel cluster = new ClusterModel(ADDRESS, () -> nowMillis);

  @BeforeEach
  void connect() {
    told.clock = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    cluster.on(new LinkEvent.Connected(ADDRESS));
  }

  private Situation situation() {
    cluster.on(new LinkEvent.Received(told.snapshot()));
    return cluster.service("app").orElseThrow().situation();
  }

  @Test
  void saysWhereTheHomeIsAndThatItIsProtected() {
    assertThat(situation().home())
        .isEqualTo(
            new Situation.Statement(
                "app on a",
                "app is at home on a, epoch 3, protected: b is in sync (durability replication).",
                Severity.NORMAL));
  }

  @Test
  void saysHowFarTheStandbyLags() {
    assertThat(situation().lag().text())
        .isEqualTo("b has replayed all but 1.2 kB of a's log, 2.5 ms behind.");
  }

  @Test
  void nothingAcknowledgedIsAtRiskUnderReplication() {
    Situation.Statement risk = situation().risk();

    assertThat(risk.severity()).isEqualTo(Severity.NORMAL);
    assertThat(risk.text())
        .contains("If a died now, no acknowledged commit would be lost")
        .contains("2 transactions under way");
  }

  @Test
  void underAsyncItSaysHowMuchCouldBeLost() {
    told.durability = Durability.ASYNC;

    assertThat(situation().risk())
        .isEqualTo(
            new Situation.Statement(
                "up to 493 B / 1.0 ms",
                "If a died now, up to 493 B / 1.0 ms of log could be LOST: commits do not wait for"
                    + " b (durability async).",
                Severity.WARNING));
  }

  @Test
  void anUnprotectedServiceIsCriticalAndSaysWhy() {
    told.protectedNow = false;
    told.standbyState = "catching-up";
    told.unprotectedReason = "b is catching up";

    Situation now = situation();

    assertThat(now.home().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(now.risk().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(now.risk().text()).contains("would be LOST").contains("b is catching up");
    assertThat(now.move().text())
        .isEqualTo("No: b is catching-up, not in sync (b is catching up).");
  }

  @Test
  void saysWhatTheLastMoveWas() {
    told.moves.add(told.move(1, "failed", 3));
    told.moves.add(told.move(2, "done", 9));

    assertThat(situation().lastMove().text())
        .startsWith(
            "Move 2: switchover by operator, why: by hand. Done in 176 ms, < 1 s ago; 24 clients");
  }

  @Test
  void mayBeMovedWhenTheStandbyIsInSync() {
    Situation now = situation();

    assertThat(now.move())
        .isEqualTo(new Situation.Statement("Yes, to b", "Yes, to b.", Severity.NORMAL));
    assertThat(now.mayPlan()).isTrue();
    assertThat(now.target()).isEqualTo("b");
  }

  @Test
  void mayNotBeMovedWhileAMoveRuns() {
    told.runningMove = 4L;

    Situation now = situation();

    assertThat(now.mayPlan()).isFalse();
    assertThat(now.mayForce()).isFalse();
    assertThat(now.move().text()).isEqualTo("No: move 4 is running.");
  }

  @Test
  void oldValuesAllowNothingAndSayTheirAge() {
    situation();
    nowMillis += 9_000;
    cluster.assess();

    Situation now = cluster.service("app").orElseThrow().situation();
    assertThat(now.stale()).isTrue();
    assertThat(now.mayPlan()).isFalse();
    assertThat(now.mayForce()).isFalse();
    assertThat(now.move().text()).isEqualTo("No: what is shown was measured 9 s ago.");
  }

  @Test
  void aLostConnectionAllowsNothingAndSaysWhy() {
    situation();
    cluster.on(new LinkEvent.Lost(ADDRESS, "closed by the agent", 250));

    Situation now = cluster.service("app").orElseThrow().situation();
    assertThat(now.mayPlan()).isFalse();
    assertThat(now.mayForce()).isFalse();
    assertThat(now.move().text()).contains("no connection").contains("closed by the agent");
  }

  @Test
  void aMessageThatWaitedInBuffersIsAsOldAsItIs() {
    situation();
    StreamMessage waited = told.delta();
    nowMillis += Duration.between(told.snapshot().sentAt(), waited.sentAt()).toMillis() + 5_000;
    cluster.on(new LinkEvent.Received(waited));

    assertThat(cluster.service("app").orElseThrow().situation().ageMillis()).isEqualTo(5_000);
  }

  @Test
  void theAgentsClockMayDifferFromTheConsoles() {
    nowMillis = Instant.now().plus(Duration.ofHours(3)).toEpochMilli();

    assertThat(situation().ageMillis()).isLessThan(500);
  }
}
