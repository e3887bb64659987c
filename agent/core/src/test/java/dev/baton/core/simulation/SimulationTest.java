package dev.baton.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.engine.Instance.Going;
import dev.baton.core.move.MoveReport;
import dev.baton.model.Durability;
import dev.baton.model.MoveKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    for (long seed = 1; seed <= 300 && found.isEmpty(); seed++) {
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
