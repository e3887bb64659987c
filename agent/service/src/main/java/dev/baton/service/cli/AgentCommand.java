package dev.baton.service.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

  @Override
  public Integer call() {
    if (!Files.isReadable(configuration)) {
      throw new CommandFailed(
          "cannot read the configuration "
              + configuration.toAbsolutePath()
              + ": give a file that exists and that this user may read");
    }
    return ServiceLoader.load(AgentRunner.class)
        .findFirst()
        .orElseThrow(() -> new CommandFailed("this installation has no agent, only the commands"))
        .run(configuration);
  }
}
