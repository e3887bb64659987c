package dev.baton.lab;

import dev.baton.engine.postgres.instance.ServerUser;
import dev.baton.lab.demo.ConsoleWindow;
import dev.baton.lab.demo.Demo;
import dev.baton.lab.demo.DemoOptions;
import dev.baton.lab.fault.FaultOrder;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import dev.baton.service.cli.CommandFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs a cluster of two hosts and a witness on this machine, with load and, if wanted, with"
            + " faults.")
final class DemoCommand implements Callable<Integer> {
  private static final long THINK_MICROS = 4_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--headless", description = "Opens no console.")
  private boolean headless;

  @Option(names = "--dir", paramLabel = "DIR", description = "Where everything lives; made anew.")
  private @Nullable Path directory;

  @Option(
      names = "--port-base",
      paramLabel = "N",
      defaultValue = "6432",
      description = "First of its 30 ports (default: ${DEFAULT-VALUE}).")
  private int portBase;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Length of the load; then it checks, reports and ends.")
  private @Nullable Integer seconds;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "8",
      description = "Clients of the load (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--through",
      paramLabel = "HOST,…",
      defaultValue = "w",
      description =
          "Whose agents the load's clients connect to, like a,b: each client knows them all; or"
              + " all (default: ${DEFAULT-VALUE}).")
  private String through = "w";

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      defaultValue = "ledger",
      description = "ledger, mixed, read-mostly or histories (default: ${DEFAULT-VALUE}).")
  private String workload = "ledger";

  @Option(
      names = "--durability",
      paramLabel = "MODE",
      defaultValue = "replication",
      description = "replication, request or async (default: ${DEFAULT-VALUE}).")
  private String durability = "replication";

  @Option(
      names = "--tls",
      description =
          "Gives each host a loopback address of its own (127.0.0.2 and so on), a key and a"
              + " certificate; the hosts then speak TLS, as real ones do.")
  private boolean tls;

  @Option(names = "--no-load", description = "Leaves the databases to you.")
  private boolean noLoad;

  @Option(
      names = "--fault",
      paramLabel = "NAME[:HOST]@Ns",
      description = "What goes wrong, and when; may be given several times.")
  private List<String> faults = List.of();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Records what the agents tell, for 'baton console --open FILE'; compressed if it ends in"
              + " .gz.")
  private @Nullable Path record;

  @Option(names = "--report", paramLabel = "FILE", description = "Writes the report there, JSON.")
  private @Nullable Path report;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = command().getOut();
    DemoOptions options = options();
    try (Demo demo = new Demo(options, out);
        ExitHook _ = ExitHook.of(demo::close)) {
      demo.start();
      if (!options.headless()) {
        ConsoleWindow.open(demo.files(), out);
      }
      return demo.run().clean() ? 0 : 1;
    } catch (IOException e) {
      throw new CommandFailed("the demo failed: " + e.getMessage(), e);
    }
  }

  private DemoOptions options() {
    try {
      return new DemoOptions(
          directory(),
          portBase,
          seconds == null ? null : Duration.ofSeconds(seconds),
          noLoad ? 0 : clients,
          through,
          Workload.parse(workload),
          THINK_MICROS,
          Durability.parse(durability),
          headless,
          faults.stream().map(FaultOrder::parse).toList(),
          report,
          record,
          tls);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
  }

  /// The folder asked for; else beside the project; else, where the database's own user cannot get
  /// there (PostgreSQL refuses to run as root), among temporary files.
  private Path directory() {
    Path asked = directory;
    Path wanted = asked != null ? asked : home().resolve(".baton").resolve("demo");
    try {
      ServerUser.find().checkReachable(wanted.resolve("a").resolve("data"));
      return wanted;
    } catch (IOException e) {
      if (asked != null) {
        throw new CommandFailed(String.valueOf(e.getMessage()), e);
      }
      return Path.of(System.getProperty("java.io.tmpdir"), "baton-demo");
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("baton.home", ""));
  }

  private CommandLine command() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("not run as a command");
    }
    return known.commandLine();
  }
}
