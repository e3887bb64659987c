package dev.baton.lab;

import dev.baton.lab.bench.FailoverBench;
import dev.baton.lab.bench.FailoverResult;
import dev.baton.lab.demo.DemoOptions;
import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import dev.baton.model.Json;
import dev.baton.service.cli.CommandFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "BENCHMARK",
    description = "Measures, each figure beside its rival's in the same run.")
final class BenchCommand implements Runnable {
  private static final long THINK_MICROS = 4_000;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(command(), "no benchmark given: failover");
  }

  @Command(
      name = "failover",
      mixinStandardHelpOptions = true,
      description =
          "Kills the database under load: how long clients stall; and what the agent costs"
              + " against a direct connection.")
  int failover(
      @Option(names = "--runs", defaultValue = "5", description = "default: ${DEFAULT-VALUE}")
          int runs,
      @Option(names = "--clients", defaultValue = "16", description = "default: ${DEFAULT-VALUE}")
          int clients,
      @Option(
              names = "--seconds",
              defaultValue = "20",
              description =
                  "of each run's load, the fault in the middle (default: ${DEFAULT-VALUE})")
          int seconds,
      @Option(
              names = "--fault",
              defaultValue = "kill-database",
              description = "default: ${DEFAULT-VALUE}")
          String fault,
      @Option(
              names = "--durability",
              defaultValue = "replication",
              description = "default: ${DEFAULT-VALUE}")
          String durability,
      @Option(names = "--through", defaultValue = "b", description = "default: ${DEFAULT-VALUE}")
          String through,
      @Option(
              names = "--port-base",
              defaultValue = "7432",
              description = "default: ${DEFAULT-VALUE}")
          int portBase,
      @Option(names = "--dir", paramLabel = "DIR", description = "Where everything lives.")
          @Nullable Path directory,
      @Option(names = "--json", description = "Prints the figures as JSON, the rest to stderr.")
          boolean json)
      throws Exception {
    PrintWriter words = json ? command().getErr() : command().getOut();
    DemoOptions options;
    try {
      options =
          new DemoOptions(
              directory != null
                  ? directory
                  : Path.of(System.getProperty("baton.home", ""), ".baton", "bench"),
              portBase,
              Duration.ofSeconds(seconds),
              clients,
              through,
              Workload.LEDGER,
              THINK_MICROS,
              Durability.parse(durability),
              true,
              List.of(FaultOrder.parse(fault + "@" + seconds / 2 + "s")),
              null,
              null);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
    try {
      FailoverResult result = new FailoverBench(runs, options, words).run(ExitHook::of);
      if (json) {
        command()
            .getOut()
            .println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(result));
      }
      return result.clean() == runs ? 0 : 1;
    } catch (IOException e) {
      throw new CommandFailed("the benchmark failed: " + e.getMessage(), e);
    }
  }

  private CommandLine command() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("not run as a command");
    }
    return known.commandLine();
  }
}
