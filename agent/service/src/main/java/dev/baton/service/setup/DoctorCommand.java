package dev.baton.service.setup;

import dev.baton.model.Json;
import dev.baton.service.agent.AgentConfig;
import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.cli.AgentRunner;
import dev.baton.service.cli.CommandFailed;
import dev.baton.service.cli.Terminal;
import dev.baton.service.setup.Finding.Verdict;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Looks at this host's installation and says what is wrong and how to mend it: runtime,"
            + " configuration, secrets, ports, database, certificates, coordination, clocks."
            + " Changes nothing. Exit status 0 when nothing is wrong, 1 when something is.")
final class DoctorCommand implements Callable<Integer> {
  private static final int LEAST_JAVA = 25;

  private final Terminal terminal;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "/etc/baton/agent.yaml",
      description = "The agent's configuration. Default: ${DEFAULT-VALUE}.")
  private Path configuration = Path.of("/etc/baton/agent.yaml");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    findings.add(runtime());
    findings.addAll(configured());
    findings.addAll(examined());
    print(findings);
    return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.WRONG) ? 1 : 0;
  }

  private List<Finding> examined() {
    try {
      AgentConfig config = AgentConfig.read(configuration);
      return new Examination(config, terminal.clock().instant(), RunningAgent.of(config))
          .findings();
    } catch (ConfigurationException e) {
      return List.of(); // told already, line by line; without it nothing else can be looked at
    }
  }

  private static Finding runtime() {
    Runtime.Version version = Runtime.version();
    String found = "Java " + version + " in " + System.getProperty("java.home");
    return version.feature() < LEAST_JAVA
        ? Finding.wrong("runtime", found, "install Java " + LEAST_JAVA + " or Baton's package")
        : Finding.ok("runtime", found);
  }

  private List<Finding> configured() {
    if (!Files.isReadable(configuration)) {
      return List.of(
          Finding.wrong(
              "configuration",
              configuration + " cannot be read",
              "write one with baton init, or name it by --config"));
    }
    try {
      return ServiceLoader.load(AgentRunner.class)
          .findFirst()
          .map(agent -> List.of(Finding.ok("configuration", agent.check(configuration))))
          .orElseGet(List::of);
    } catch (CommandFailed e) {
      return String.valueOf(e.getMessage())
          .lines()
          .map(line -> Finding.wrong("configuration", line, "mend that line; see configuration.md"))
          .toList();
    }
  }

  private void print(List<Finding> findings) {
    PrintWriter out = terminal.out();
    if (json) {
      out.println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(findings));
      return;
    }
    for (Finding finding : findings) {
      out.printf(
          "%-8s %s: %s%n",
          finding.verdict().name().toLowerCase(Locale.ROOT), finding.subject(), finding.found());
      if (!finding.remedy().isEmpty()) {
        out.printf("%-8s %s%n", "", "-> " + finding.remedy());
      }
    }
    long wrong = findings.stream().filter(each -> each.verdict() == Verdict.WRONG).count();
    long warnings = findings.stream().filter(each -> each.verdict() == Verdict.WARNING).count();
    out.printf("%d looked at, %d wrong, %d to see to%n", findings.size(), wrong, warnings);
  }
}
