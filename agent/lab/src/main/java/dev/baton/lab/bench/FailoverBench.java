package dev.baton.lab.bench;

import dev.baton.lab.demo.Demo;
import dev.baton.lab.demo.DemoOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Kills the database under load, in a fresh cluster each time. Before that, the same load runs in
/// turn through the agent and directly on the same instance, under the same settings.
public final class FailoverBench {
  private static final Duration TURN = Duration.ofSeconds(3);
  private static final int TURNS = 2;

  private final int runs;
  private final DemoOptions options;
  private final PrintWriter out;

  /// @param options of each run, with its faults and its length
  public FailoverBench(int runs, DemoOptions options, PrintWriter out) {
    this.runs = runs;
    this.options = options;
    this.out = out;
  }

  /// @param onExit keeps what it is given as long as a run lasts, to end it when the process is
  ///   told to end
  public FailoverResult run(Function<Runnable, AutoCloseable> onExit) throws Exception {
    List<FailoverResult.Run> done = new ArrayList<>();
    for (int number = 1; number <= runs; number++) {
      out.printf("%n--- run %d of %d%n", number, runs);
      try (Demo demo = new Demo(options, out);
          AutoCloseable _ = onExit.apply(demo::close)) {
        demo.start();
        done.add(once(demo));
      }
    }
    FailoverResult result = FailoverResult.of(options.clients(), done);
    print(result);
    return result;
  }

  private FailoverResult.Run once(Demo demo) throws IOException, InterruptedException {
    demo.throughput(true, TURN); // what is slow only at first is nobody's fault
    double through = 0;
    double direct = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      through += demo.throughput(true, TURN) / TURNS;
      direct += demo.throughput(false, TURN) / TURNS;
    }
    demo.clearLoad();
    return new FailoverResult.Run(through, direct, demo.run());
  }

  private void print(FailoverResult result) {
    out.printf(
        Locale.ROOT,
        "%n%d clients, %d runs, %d clean%n"
            + "longest stall   median %.0f ms, 90%% %.0f ms, max %.0f ms   %s%n"
            + "throughput      %.0f tx/s through the agent, %.0f directly, ratio %.2f%n",
        result.clients(),
        result.stallMillis().size(),
        result.clean(),
        result.stallMillisMedian(),
        result.stallMillisP90(),
        result.stallMillisMax(),
        result.stallMillis(),
        result.throughAgentPerSecond(),
        result.directPerSecond(),
        result.ratio());
    out.flush();
  }
}
