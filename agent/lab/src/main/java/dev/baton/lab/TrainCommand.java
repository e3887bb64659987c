package dev.baton.lab;

import dev.baton.lab.demo.Training;
import dev.baton.service.cli.CommandFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description =
        "Makes the start-up cache of the agents: with it they start sooner, and their first move"
            + " is not slowed down by code that has never run. Takes half a minute.")
final class TrainCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The cache; made or replaced.")
  private @Nullable Path cache;

  @Override
  public Integer call() throws Exception {
    CommandSpec known = spec;
    Path wanted = cache;
    if (known == null || wanted == null) {
      throw new IllegalStateException("not run as a command");
    }
    PrintWriter out = known.commandLine().getOut();
    try {
      Path folder = Files.createTempDirectory("baton-train");
      try {
        // the databases' own user must get through
        Files.setPosixFilePermissions(
            folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        new Training(folder.resolve("demo"), out).make(wanted.toAbsolutePath(), ExitHook::of);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new CommandFailed("no start-up cache was made: " + e.getMessage(), e);
    }
    out.println("made " + wanted);
    return 0;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
