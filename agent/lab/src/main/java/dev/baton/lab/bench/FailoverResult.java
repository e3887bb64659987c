package dev.baton.lab.bench;

import dev.baton.lab.demo.DemoReport;
import java.util.List;

/// What `bench failover` has measured.
///
/// @param stallMillis each run's longest stall, in the order of the runs
/// @param throughAgentPerSecond acknowledged transactions through the agent, mean of the runs
/// @param directPerSecond the same load on the same instance, past the agent
/// @param clean runs without damage, with the fault applied
public record FailoverResult(
    int clients,
    List<Double> stallMillis,
    double stallMillisMedian,
    double stallMillisP90,
    double stallMillisMax,
    double throughAgentPerSecond,
    double directPerSecond,
    double ratio,
    int clean,
    List<DemoReport> reports) {

  /// One run.
  record Run(double throughAgentPerSecond, double directPerSecond, DemoReport report) {}

  static FailoverResult of(int clients, List<Run> runs) {
    List<Double> stalls = runs.stream().map(run -> run.report().stallMillisMax()).toList();
    List<Double> sorted = stalls.stream().sorted().toList();
    double through = runs.stream().mapToDouble(Run::throughAgentPerSecond).average().orElse(0);
    double direct = runs.stream().mapToDouble(Run::directPerSecond).average().orElse(0);
    return new FailoverResult(
        clients,
        stalls,
        percentile(sorted, 50),
        percentile(sorted, 90),
        percentile(sorted, 100),
        through,
        direct,
        direct == 0 ? 0 : through / direct,
        (int) runs.stream().filter(run -> run.report().clean()).count(),
        runs.stream().map(Run::report).toList());
  }

  /// The smallest figure that so many percent of all do not exceed.
  static double percentile(List<Double> sorted, double percent) {
    if (sorted.isEmpty()) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.size());
    return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
  }
}
