package dev.baton.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.policy.Assessment.Action;
import dev.baton.core.policy.HostFacts.Configuration;
import dev.baton.core.policy.HostFacts.Load;
import dev.baton.core.policy.ServiceFacts.Standby;
import dev.baton.model.MovePolicy;
import dev.baton.model.MovePolicy.Mode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Services with loads of their own, on hosts with loads of their own, each service's policy
/// deciding for itself: moves do not go to and fro, and they help.
final class PolicySimulationTest {
  private static final int HOUR = 3_600;

  /// From here on less is measured than is asked for: forecasts are too good.
  private static final double SATURATED = 97;

  private static final MovePolicy POLICY =
      new MovePolicy(1, Mode.AUTOMATIC, 85, 60, 30, 15, 120, 1L << 20, 1, List.of(), List.of());
  private static final Configuration USUAL = new Configuration(4, 16L << 30, 1L << 40, "18.4");
  private static final List<String> HOSTS = List.of("a", "b", "c");

  private final Map<String, String> homes = new HashMap<>();
  private final Map<String, Double> loads = new HashMap<>();
  private final Map<String, Double> background = new HashMap<>();
  private final Map<String, Integer> movesOf = new HashMap<>();
  private final Map<String, Integer> movedAt = new HashMap<>();
  private final Map<String, PolicyMachine.State> states = new HashMap<>();
  private int moves;

  @ParameterizedTest
  @ValueSource(
      longs = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25
      })
  void comesToRestAndIsNoBusierThanBefore(long seed) {
    Random random = new Random(seed);
    int services = 1 + random.nextInt(6);
    for (int number = 0; number < services; number++) {
      homes.put("s" + number, HOSTS.get(random.nextInt(HOSTS.size())));
      loads.put("s" + number, (double) random.nextInt(35));
    }
    HOSTS.forEach(host -> background.put(host, (double) random.nextInt(50)));
    double before = busiest();
    boolean saturated = before >= SATURATED;
    for (int second = 0; second < HOUR; second++) {
      look(second, noise(random));
    }
    int atRest = moves;
    assertThat(movesOf.values()).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(5));
    for (int second = HOUR; second < 2 * HOUR; second++) {
      look(second, noise(random));
    }
    if (saturated) {
      assertThat(movesOf.values()).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(6));
    } else {
      assertThat(moves).as("moves after an hour of the same load").isEqualTo(atRest);
      assertThat(busiest()).isLessThanOrEqualTo(before);
    }
  }

  /// Up to three points to and fro, other ones each second.
  private static Map<String, Double> noise(Random random) {
    Map<String, Double> noise = new HashMap<>();
    HOSTS.forEach(host -> noise.put(host, random.nextDouble() * 6 - 3));
    return noise;
  }

  private double cpu(String host) {
    double sum = background.getOrDefault(host, 0.0);
    for (Map.Entry<String, String> home : homes.entrySet()) {
      sum += home.getValue().equals(host) ? loads.getOrDefault(home.getKey(), 0.0) : 0;
    }
    return Math.min(100, sum);
  }

  private double busiest() {
    return HOSTS.stream().mapToDouble(this::cpu).max().orElse(0);
  }

  private void look(int second, Map<String, Double> noise) {
    Map<String, HostFacts> hosts = new HashMap<>();
    for (String host : HOSTS) {
      double cpu = Math.clamp(cpu(host) + noise.getOrDefault(host, 0.0), 0, 100);
      hosts.put(host, new HostFacts(host, true, new Load(cpu, 20), USUAL, null));
    }
    List<ServiceFacts> services = new ArrayList<>();
    homes.forEach((service, home) -> services.add(facts(service, home, second)));
    ClusterFacts facts = new ClusterFacts(Instant.ofEpochSecond(second), hosts, services);
    for (ServiceFacts service : services) {
      PolicyMachine.Step step =
          PolicyMachine.step(
              states.getOrDefault(service.service(), PolicyMachine.State.START),
              POLICY,
              service,
              facts);
      states.put(service.service(), step.state());
      String target = step.assessment().target();
      if (step.assessment().action() == Action.MOVE && target != null) {
        moves++;
        homes.put(service.service(), target);
        movedAt.put(service.service(), second);
        movesOf.merge(service.service(), 1, Integer::sum);
        states.put(service.service(), PolicyMachine.State.START); // another agent's from now on
      }
    }
  }

  private ServiceFacts facts(String service, String home, int second) {
    Integer moved = movedAt.get(service);
    return new ServiceFacts(
        service,
        home,
        true,
        false,
        moved == null ? null : (double) (second - moved),
        movesOf.getOrDefault(service, 0),
        loads.getOrDefault(service, 0.0),
        HOSTS.stream()
            .filter(host -> !host.equals(home))
            .map(host -> new Standby(host, true, 0L, 0))
            .toList());
  }
}
