package dev.baton.service.coordination;

import ch.qos.logback.classic.Level;
import dev.baton.service.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "coordination",
    mixinStandardHelpOptions = true,
    description = "Runs one coordination server on the loopback address until it is told to stop.")
final class CoordinationCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "Where it keeps its log.")
  private Path directory = Path.of("coordination");

  @Option(
      names = "--port",
      defaultValue = "6435",
      paramLabel = "PORT",
      description = "Port for agents; 0: any that is free. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--id",
      defaultValue = "1",
      paramLabel = "N",
      description = "Its number among the voters.")
  private int id;

  @Option(
      names = "--voters",
      split = ",",
      paramLabel = "ID@HOST:QUORUM:ELECTION",
      description = "All voters, itself among them, three or five. Default: it is alone.")
  private List<String> voters = List.of();

  @Override
  public Integer call() {
    quiet("org.apache.zookeeper");
    try (CoordinationServer server = open()) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
      System.out.println("coordination listens on " + "127.0.0.1:" + server.port());
      System.out.flush();
      server.await();
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private CoordinationServer open() throws IOException {
    return voters.isEmpty()
        ? CoordinationServer.open(directory, port)
        : CoordinationServer.join(
            directory, port, id, voters.stream().map(CoordinationServer.Voter::parse).toList());
  }

  /// ZooKeeper tells hundreds of lines at each start; what it warns of stays.
  private static void quiet(String logger) {
    if (LoggerFactory.getLogger(logger) instanceof ch.qos.logback.classic.Logger log) {
      log.setLevel(Level.WARN);
    }
  }
}
