package dev.baton.service.coordination;

import ch.qos.logback.classic.Level;
import dev.baton.service.cli.CommandFailed;
import dev.baton.service.config.HangUp;
import dev.baton.service.config.SecretFiles;
import dev.baton.service.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "coordination",
    mixinStandardHelpOptions = true,
    description =
        "Runs one coordination server until it is told to stop; without TLS on the loopback address"
            + " only. SIGHUP makes it read certificate, key and authority anew.")
final class CoordinationCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinationCommand.class);

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

  @Option(
      names = "--listen",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Address for agents. Default: ${DEFAULT-VALUE}.")
  private String address = "127.0.0.1";

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "Its certificate (PEM), which names its address; then what it comes from.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "Its key (PEM, PKCS #8).")
  private @Nullable Path key;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "From one of these agents' and other servers' certificates must come (PEM).")
  private @Nullable Path ca;

  @Override
  public Integer call() {
    quiet("org.apache.zookeeper");
    try (CoordinationServer server = open()) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
      System.out.println("coordination listens on " + address + ":" + server.port());
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
    CoordinationServer.Listen listen = new CoordinationServer.Listen(address, port, tls());
    return voters.isEmpty()
        ? CoordinationServer.open(directory, listen)
        : CoordinationServer.join(
            directory, listen, id, voters.stream().map(CoordinationServer.Voter::parse).toList());
  }

  private @Nullable CoordinationTls tls() throws IOException {
    Path own = certificate;
    Path secret = key;
    Path authorities = ca;
    if (own == null && secret == null && authorities == null) {
      return null;
    }
    if (own == null || secret == null || authorities == null) {
      throw new IllegalArgumentException("TLS wants all three: --certificate, --key and --ca");
    }
    TlsFiles files = new TlsFiles(own, secret, authorities);
    SecretFiles.folder(directory);
    CoordinationTls tls = CoordinationTls.in(directory, files);
    HangUp.on(() -> copyAgain(tls, files));
    return tls;
  }

  private static void copyAgain(CoordinationTls tls, TlsFiles files) {
    try {
      tls.copy(files);
      LOG.info("certificate, key and authority are read anew");
    } catch (IOException e) {
      LOG.warn("certificate not read anew, the one before stays: {}", e.getMessage());
    }
  }

  /// ZooKeeper tells hundreds of lines at each start; what it warns of stays.
  private static void quiet(String logger) {
    if (LoggerFactory.getLogger(logger) instanceof ch.qos.logback.classic.Logger log) {
      log.setLevel(Level.WARN);
    }
  }
}
