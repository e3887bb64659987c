package dev.baton.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.MemberState;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.Alarm;
import dev.baton.core.move.MoveReason;
import dev.baton.core.move.MoveReport;
import dev.baton.model.Durability;
import dev.baton.model.MoveKind;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView.PhaseView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Promises 1, 2, 4 and 7, claims 9 to 11 and 17 to 21 at the level of decisions: whatever happens,
/// in whatever order. `-Dbaton.seeds=N` for more seeds, `-Dbaton.seed=S` for one.
class SimulationTest {
  private static final long SEEDS = Long.getLong("baton.seeds", 200);

  @Test
  void keepsItsPromisesWhateverHappens() {
    Long only = Long.getLong("baton.seed");
    if (only != null) {
      run(only, Sabotage.NONE, true);
      return;
    }
    for (long seed = 1; seed <= SEEDS; seed++) {
      run(seed, Sabotage.NONE, false);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void findsAPlantedBug(Sabotage sabotage) {
    List<String> found = new ArrayList<>();
    for (long seed = 1; seed <= 3_000 && found.isEmpty(); seed++) {
      try {
        run(seed, sabotage, false);
      } catch (AssertionError e) {
        found.add(String.valueOf(e.getMessage()));
      }
    }
    assertThat(found).as("seeds that find " + sabotage).isNotEmpty();
  }

  /// Claims 9, 10, 17: the database dies, its clients go on at the other host.
  @ParameterizedTest
  @EnumSource(Going.Cause.class)
  void takesOverWhenTheDatabaseGoes(Going.Cause cause) {
    for (long seed = 1; seed <= 10; seed++) {
      Simulation simulation = healthy(seed);
      simulation.goes("a", cause);
      simulation.await("b is home", 3_000, () -> simulation.record().home().equals("b"));
      simulation.finish();
      MoveReport last = simulation.reports.getLast();
      assertThat(last.outcome()).isEqualTo("done");
      assertThat(last.reason().kind().unavailable()).isTrue();
      assertThat(simulation.record().epoch()).isEqualTo(2);
    }
  }

  /// A whole host goes at once: nobody is left to attest it, so its lease has to run out.
  @Test
  void takesOverWhenTheHostGoes() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = healthy(seed);
      long began = simulation.world.now();
      simulation.loseHost("a");
      simulation.await("b is home", 3_000, () -> simulation.record().home().equals("b"));
      assertThat(simulation.world.now() - began)
          .as("not before the lease has run out")
          .isGreaterThan(600_000_000L);
      simulation.finish();
      assertThat(simulation.reports)
          .anyMatch(report -> report.reason().kind() == MoveReason.Kind.HOST_SILENT);
    }
  }

  /// All agents restart at once, what they ran goes on running or not, and the steps by which they
  /// come up again fail now and then: nothing waits for ever for a step that has failed.
  @Test
  void comesUpAgainAfterEveryAgentHasRestarted() {
    for (long seed = 1; seed <= 60; seed++) {
      Simulation simulation = healthy(seed);
      new Faults(simulation).restartAll();
      simulation.failingSteps = 0.6;
      simulation.world.runFor(1_000 + simulation.world.below(6_000));
      simulation.finish();
    }
  }

  /// The power fails at both hosts: the home does not wait for the memory that was lost with the
  /// other agent longer than that one takes to come up and say so.
  @Test
  void aHomeThatComesUpDoesNotWaitForAMemoryThatIsLost() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = healthy(seed);
      long began = simulation.world.now();
      simulation.loseHost("a", 200_000);
      simulation.loseHost("b", 200_000);
      simulation.await(
          "a is open again",
          10_000,
          () -> simulation.record().epoch() > 1 && simulation.record().phase() == Phase.OPEN);
      assertThat(simulation.world.now() - began)
          .as("shorter than a silent member is waited for")
          .isLessThan(1_500_000_000L);
      simulation.finish();
    }
  }

  /// An agent that was stopped for longer than its lease wakes up as nobody.
  @Test
  void aFrozenHomeThatWakesUpServesNobody() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = healthy(seed);
      ModelAgent home = Objects.requireNonNull(simulation.agent("a"));
      home.pause(true);
      simulation.await("b is home", 3_000, () -> simulation.record().home().equals("b"));
      simulation.world.runFor(500);
      assertThat(home.takesClients()).isFalse();
      home.pause(false);
      simulation.finish();
      assertThat(simulation.record().home()).isEqualTo("b");
    }
  }

  /// A pause that is shorter than the lease moves nothing.
  @Test
  void aShortPauseMovesNothing() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = healthy(seed);
      ModelAgent home = Objects.requireNonNull(simulation.agent("a"));
      home.pause(true);
      simulation.world.runFor(400);
      home.pause(false);
      simulation.finish();
      assertThat(simulation.record().epoch()).isEqualTo(1);
    }
  }

  /// A standby that dies: the home goes on by coordination, until the standby is recorded out.
  @Test
  void theHomeServesOnWhileAStandbyIsSilent() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = healthy(seed);
      simulation.loseHost("b");
      simulation.finish();
      assertThat(simulation.record().home()).isEqualTo("a");
      assertThat(simulation.record().epoch()).isEqualTo(1);
      assertThat(simulation.reports).isEmpty();
    }
  }

  /// The home's disk must not fill because another host is down: a standby that is away for too
  /// much log is told of, recorded as of no use, and copied anew when it comes back.
  @Test
  void logForAStandbyThatIsAwayIsBounded() {
    for (long seed = 1; seed <= 10; seed++) {
      Simulation simulation = healthy(seed);
      simulation.loseHost("b", 600_000_000);
      simulation.await(
          "it is told", 300_000, () -> simulation.stands("a", Alarm.KEPT_LOG_RUNS_OUT));
      assertThat(simulation.member("b").lineage()).as("not yet").isPositive();
      simulation.await("it is given up", 300_000, () -> simulation.member("b").lineage() == 0);
      assertThat(simulation.record().home()).isEqualTo("a");
      simulation.await("it is over", 1_000, () -> !simulation.stands("a", Alarm.KEPT_LOG_RUNS_OUT));
      simulation.startAgent("b");
      simulation.finish();
    }
  }

  /// One that comes back in time follows, and the alarm is over.
  @Test
  void aStandbyThatComesBackInTimeIsNotCopied() {
    for (long seed = 1; seed <= 10; seed++) {
      Simulation simulation = healthy(seed);
      simulation.loseHost("b", 600_000_000);
      simulation.await(
          "it is told", 300_000, () -> simulation.stands("a", Alarm.KEPT_LOG_RUNS_OUT));
      int copies = simulation.instance("b").copies;
      simulation.startAgent("b");
      simulation.finish();
      assertThat(simulation.instance("b").copies).isEqualTo(copies);
    }
  }

  /// Both are in sync; either can take over, and when that one goes too, the third does.
  @ParameterizedTest
  @ValueSource(strings = {"b", "c"})
  void theThirdHostTakesOverWhenTheTargetGoesToo(String first) {
    String last = first.equals("b") ? "c" : "b";
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = new Simulation(seed, 3, Durability.REPLICATION, Sabotage.NONE);
      simulation.awaitHealthy();
      simulation.awaitProgress();
      new Faults(simulation).order(first, MoveKind.FAILOVER, false);
      simulation.await(first + " is home", 3_000, () -> simulation.record().home().equals(first));
      simulation.await(
          last + " is in sync again",
          20_000,
          () -> simulation.member(last).state() == MemberState.IN_SYNC);
      simulation.loseHost("a", 60_000_000);
      simulation.loseHost(first, 60_000_000);
      simulation.await(last + " is home", 5_000, () -> simulation.record().home().equals(last));
      simulation.finish();
      assertThat(simulation.record().home()).isEqualTo(last);
    }
  }

  /// The target dies in the middle of taking over; the home's host is gone for good.
  @Test
  void aTargetThatDiesInTheMiddleLeavesTheServiceToBeFound() {
    for (long seed = 1; seed <= 40; seed++) {
      Simulation simulation = new Simulation(seed, 3, Durability.REPLICATION, Sabotage.NONE);
      simulation.awaitHealthy();
      simulation.awaitProgress();
      simulation.loseHost("a", 20_000_000);
      simulation.await("another takes", 3_000, () -> !simulation.record().home().equals("a"));
      simulation.world.runFor(simulation.world.below(40));
      simulation.loseHost(simulation.record().home(), 20_000_000);
      simulation.finish();
    }
  }

  /// An operator's failover of a home that lives: it is fenced first, and loses nothing.
  @Test
  void aLivingSourceIsFencedBeforeAFailover() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = healthy(seed);
      new Faults(simulation).order("b", MoveKind.FAILOVER, false);
      simulation.await("b is home", 3_000, () -> simulation.record().home().equals("b"));
      simulation.finish();
      MoveReport report = simulation.reports.getLast();
      assertThat(report.outcome()).isEqualTo("done");
      assertThat(report.phases())
          .extracting(PhaseView::name)
          .contains(MovePhase.FENCE_SOURCE, MovePhase.REJOIN);
      assertThat(simulation.record().epoch()).isEqualTo(2);
    }
  }

  /// The same of a home that the target cannot reach: the record tells it, or its lease runs out.
  @Test
  void aSourceThatDoesNotAnswerIsFencedByItsLease() {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = healthy(seed);
      simulation.cut("a", "b", true);
      simulation.cut("b", "a", true);
      boolean alone = seed % 2 == 0;
      simulation.coordination.cut("a", alone);
      new Faults(simulation).order("b", MoveKind.FAILOVER, true);
      simulation.await("b is home", 4_000, () -> simulation.record().home().equals("b"));
      simulation.coordination.cut("a", false);
      simulation.finish();
    }
  }

  /// The target dies in the middle of taking over, and its source stays away: it goes on with what
  /// is on its disk, which is all that it had taken over.
  @Test
  void aTargetThatDiesInTheMiddleGoesOnWithoutItsSource() {
    int continued = 0;
    for (long seed = 1; seed <= 40; seed++) {
      Simulation simulation = healthy(seed);
      simulation.loseHost("a", 30_000_000);
      simulation.await("b takes", 3_000, () -> simulation.record().home().equals("b"));
      simulation.world.runFor(simulation.world.below(25));
      if (simulation.record().phase() == Phase.OPEN) {
        continue;
      }
      simulation.killAgent("b");
      ServiceRecord left = simulation.record();
      if (left.move() != null && left.move().end() != null) {
        simulation.await("b serves", 10_000, () -> simulation.record().phase() == Phase.OPEN);
        assertThat(simulation.record().home()).isEqualTo("b");
        continued++;
      }
      simulation.finish();
    }
    assertThat(continued).isPositive();
  }

  /// Promise 7: without coordination nothing moves, and clients go on.
  @Test
  void movesNothingWithoutCoordination() {
    for (long seed = 1; seed <= 10; seed++) {
      Simulation simulation = healthy(seed);
      ServiceRecord before = simulation.record();
      simulation.hosts.forEach(host -> simulation.coordination.cut(host, true));
      simulation.awaitProgress();
      simulation.world.runFor(60_000);
      simulation.awaitProgress();
      simulation.hosts.forEach(host -> simulation.coordination.cut(host, false));
      simulation.finish();
      assertThat(simulation.record()).isEqualTo(before);
    }
  }

  /// Promise 4: until the source is fenced, whatever befalls the target leaves the source serving.
  @Test
  void undoesASwitchoverWhoseTargetFailsBeforeTheFence() {
    for (long seed = 1; seed <= 40; seed++) {
      Simulation simulation = healthy(seed);
      new Faults(simulation).order("b", MoveKind.SWITCHOVER, false);
      simulation.cut("b", "a", true);
      simulation.world.runFor(simulation.world.below(40));
      simulation.killAgent("b");
      simulation.cut("b", "a", false);
      simulation.finish();
      assertThat(simulation.record().home()).isEqualTo("a");
      assertThat(simulation.record().epoch()).isEqualTo(1);
    }
  }

  /// A switchover loses nothing even where commits do not wait for the memory.
  @ParameterizedTest
  @EnumSource(Durability.class)
  void switchesOver(Durability durability) {
    for (long seed = 1; seed <= 20; seed++) {
      Simulation simulation = new Simulation(seed, 2, durability, Sabotage.NONE);
      simulation.awaitHealthy();
      simulation.awaitProgress();
      new Faults(simulation).order("b", MoveKind.SWITCHOVER, false);
      simulation.await("b is home", 5_000, () -> simulation.record().home().equals("b"));
      simulation.finish();
      assertThat(simulation.record().epoch()).isEqualTo(2);
      assertThat(simulation.ledger.missing()).isEmpty();
    }
  }

  private static Simulation healthy(long seed) {
    Simulation simulation = new Simulation(seed, 2, Durability.REPLICATION, Sabotage.NONE);
    simulation.awaitHealthy();
    simulation.awaitProgress();
    return simulation;
  }

  private static void run(long seed, Sabotage sabotage, boolean print) {
    Durability durability = seed % 5 == 0 ? Durability.ASYNC : Durability.REPLICATION;
    Simulation simulation = new Simulation(seed, seed % 3 == 0 ? 3 : 2, durability, sabotage);
    try {
      simulation.awaitHealthy();
      simulation.awaitProgress();
      simulation.trouble = simulation.world.chance(0.5) ? 0.05 : 0;
      simulation.failingSteps = simulation.trouble / 4;
      simulation.slowness = simulation.world.chance(0.5) ? 0.1 : 0;
      simulation.crashBetweenCommands = simulation.world.chance(0.3) ? 0.001 : 0;
      Faults faults = new Faults(simulation);
      boolean atTheHome = simulation.world.chance(0.4);
      int count = 1 + simulation.world.below(12);
      for (int i = 0; i < count; i++) {
        if (atTheHome) {
          faults.oneAtTheHome();
        } else {
          faults.one();
        }
        simulation.world.runFor(simulation.world.below(simulation.world.chance(0.5) ? 60 : 2_500));
      }
      simulation.world.runFor(5_000);
      simulation.finish();
    } catch (RuntimeException e) {
      throw new AssertionError(
          "seed %d: %s%nrun again with -Dtest=SimulationTest -Dbaton.seed=%d%n%s"
              .formatted(seed, e, seed, print ? simulation.world.traceText() : ""),
          e);
    }
  }
}
