package dev.baton.service.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = "Runs this host's agent until it is told to stop.")
final class AgentCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "Configuration, YAML.")
  private Path configuration = Path.of("baton.yaml");

  @Option(
      names = "--check",
      description = "Say whether the configuration can be used, and start nothing.")
  private boolean check;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (!Files.isReadable(configuration)) {
      throw new CommandFailed(
          "cannot read the configuration "
              + configuration.toAbsolutePath()
              + ": give a file that exists and that this user may read");
    }
    AgentRunner runner =
        ServiceLoader.load(AgentRunner.class)
            .findFirst()
            .orElseThrow(
                () -> new CommandFailed("this installation has no agent, only the commands"));
    if (check) {
      spec.commandLine().getOut().println(runner.check(configuration));
      return 0;
    }
    return runner.run(configuration);
  }
}
