package dev.baton.lab.demo;

import dev.baton.engine.postgres.instance.ServerProcesses;
import dev.baton.lab.load.Schema;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The demo's processes: coordination servers, and an agent on each host, which starts its
/// database.
final class DemoCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoCluster.class);
  static final String MAIN = "dev.baton.service.cli.Baton";
  static final List<String> AGENT_JVM =
      List.of("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(2);
  private static final Duration HOST_DOWN = Duration.ofSeconds(6);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int LOG_TAIL_LINES = 15;

  private final DemoFiles files;
  private final Function<DemoHost, List<String>> jvmOptions;
  private final ControlClient control;
  private final Map<String, ChildProcess> agents = new ConcurrentHashMap<>();
  private final Map<String, Boolean> down = new ConcurrentHashMap<>();
  private final DemoVoters voters;
  private volatile boolean closing;
  private volatile boolean ready;
  private volatile @Nullable String startFailure;

  /// @param jvmOptions further ones for each host's agent
  DemoCluster(DemoFiles files, Function<DemoHost, List<String>> jvmOptions) {
    this.files = files;
    this.jvmOptions = jvmOptions;
    this.voters = new DemoVoters(files);
    this.control =
        new ControlClient(
            files.hosts().stream().map(DemoHost::controlUrl).toList(), files.operatorToken());
  }

  ControlClient control() {
    return control;
  }

  DemoFiles files() {
    return files;
  }

  void start() throws IOException {
    voters.start();
    for (DemoHost host : files.hosts()) {
      startAgent(host);
    }
  }

  private synchronized void startAgent(DemoHost host) throws IOException {
    if (closing) {
      return;
    }
    ChildProcess agent =
        ChildProcess.start(
            "agent " + host.name(),
            host.log(),
            jvm(host),
            MAIN,
            List.of("agent", "--config", host.configuration().toString()));
    agents.put(host.name(), agent);
    agent
        .process()
        .onExit()
        .thenAcceptAsync(ended -> ended(host, ended.exitValue()), Thread::startVirtualThread);
  }

  private List<String> jvm(DemoHost host) {
    List<String> options = new ArrayList<>(AGENT_JVM);
    options.add("-Dbaton.host.processes=" + host.processes());
    options.addAll(jvmOptions.apply(host));
    return options;
  }

  /// A killed agent is started again, as a service manager would.
  private void ended(DemoHost host, int status) {
    if (closing) {
      return;
    }
    if (!ready) {
      startFailure = "agent " + host.name() + " ended at its start with status " + status;
      return;
    }
    LOG.warn("agent {} ended with status {}, starting it again", host.name(), status);
    boolean whole = down.remove(host.name()) != null;
    LockSupport.parkNanos((whole ? HOST_DOWN : RESTART_PAUSE).toNanos());
    try {
      startAgent(host);
    } catch (IOException e) {
      LOG.error("agent {} cannot be started: {}", host.name(), e.getMessage());
    }
  }

  /// The next end of this host's agent is the end of the whole host, which takes its time to come
  /// up again.
  void staysDown(String host) {
    down.put(host, true);
  }

  DemoVoters voters() {
    return voters;
  }

  long agentId(String host) {
    ChildProcess agent = agents.get(host);
    return agent == null ? 0 : agent.id();
  }

  /// Waits until the home serves, then makes the clients' role, database and tables.
  void prepareDatabase(Duration bound) throws IOException, InterruptedException {
    ServiceView service = await("open", bound, each -> each.phase().equals("open"));
    String home = service.home();
    try (Connection admin = admin(home, "postgres");
        Statement statement = admin.createStatement()) {
      statement.execute(
          "CREATE ROLE " + DemoFiles.USER + " LOGIN PASSWORD '" + DemoFiles.PASSWORD + "'");
      statement.execute("CREATE DATABASE " + DemoFiles.DATABASE + " OWNER " + DemoFiles.USER);
      try (Connection owner =
          DriverManager.getConnection(
              files.host(home).instanceJdbcUrl(DemoFiles.DATABASE),
              DemoFiles.USER,
              DemoFiles.PASSWORD)) {
        Schema.create(owner);
      }
    } catch (SQLException e) {
      throw new IOException("the demo's database cannot be prepared: " + e.getMessage(), e);
    }
  }

  ServiceView awaitProtected(Duration bound) throws IOException, InterruptedException {
    ServiceView service =
        await("protected", bound, each -> each.protectedNow() && each.phase().equals("open"));
    ready = true;
    return service;
  }

  ServiceView await(
      String what, Duration bound, java.util.function.Predicate<ServiceView> condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    String last = "no agent answered";
    while (true) {
      String failure = startFailure;
      if (failure != null) {
        throw new IOException(failure + "\n" + tails());
      }
      try {
        Optional<ServiceView> service = control.service(DemoFiles.SERVICE);
        if (service.isPresent() && condition.test(service.get())) {
          return service.get();
        }
        last = service.map(DemoCluster::explain).orElse("the agents know of no service yet");
      } catch (ControlClient.Refused e) {
        throw e;
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the service is not %s after %d s: %s\n%s"
                .formatted(what, bound.toSeconds(), last, tails()));
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private static String explain(ServiceView service) {
    return "phase "
        + service.phase()
        + (service.unprotectedReason() == null ? "" : ", " + service.unprotectedReason());
  }

  private String tails() {
    StringBuilder text = new StringBuilder();
    List<Path> logs = new ArrayList<>(files.hosts().stream().map(DemoHost::log).toList());
    logs.addAll(voters.logs());
    for (Path log : logs) {
      try {
        List<String> lines = Files.readAllLines(log);
        text.append("--- ").append(log).append('\n');
        lines.stream()
            .skip(Math.max(0, lines.size() - LOG_TAIL_LINES))
            .forEach(line -> text.append(line).append('\n'));
      } catch (IOException e) {
        text.append("--- no log ").append(log).append('\n');
      }
    }
    return text.toString();
  }

  /// Past the agents, to a host's own instance.
  Connection admin(String host, String database) throws SQLException, IOException {
    return DriverManager.getConnection(
        files.host(host).instanceJdbcUrl(database), DemoFiles.ADMIN, files.adminPassword());
  }

  /// Ends every process. Databases that a killed agent has left behind are ended too.
  @Override
  public void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    String home = homeNow();
    // The standby first: else it would take over from a home that is being stopped.
    files.hosts().stream()
        .filter(host -> !host.name().equals(home))
        .forEach(host -> stopAgent(host.name()));
    stopAgent(home);
    for (DemoHost host : files.databases()) {
      try {
        ServerProcesses.kill(host.dataDirectory());
      } catch (IOException e) {
        LOG.warn("the database of host {} does not end: {}", host.name(), e.getMessage());
      }
    }
    voters.close();
    control.close();
  }

  private void stopAgent(String host) {
    ChildProcess agent = agents.get(host);
    if (agent != null) {
      agent.stop(STOP_BOUND);
    }
  }

  private String homeNow() {
    try {
      return control.service(DemoFiles.SERVICE).map(ServiceView::home).orElse("");
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
