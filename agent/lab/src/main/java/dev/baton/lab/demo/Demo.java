package dev.baton.lab.demo;

import dev.baton.lab.fault.FaultEngine;
import dev.baton.lab.fault.FaultReport;
import dev.baton.lab.history.Histories;
import dev.baton.lab.load.Load;
import dev.baton.lab.load.Schema;
import dev.baton.lab.load.Workload;
import dev.baton.model.Durability;
import dev.baton.model.Json;
import dev.baton.model.view.ServiceView;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the demo, from the first process to the report.
public final class Demo implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final Duration READY_BOUND = Duration.ofMinutes(2);
  private static final Duration LOAD_STOP_BOUND = Duration.ofSeconds(60);
  private static final Duration FAULTS_BOUND = Duration.ofMinutes(2);
  private static final int HISTORIES_OF_EACH = 2;
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(1);

  private final DemoOptions options;
  private final PrintWriter out;
  private final DemoFiles files;
  private final DemoCluster cluster;
  private final MemoryCounters counters = new MemoryCounters();
  private final AtomicInteger ledgers = new AtomicInteger();
  private final AtomicInteger clientsOfLostFront = new AtomicInteger();
  private @Nullable DemoFileKeeper keeper;
  private @Nullable Load load;
  private @Nullable Histories histories;
  private @Nullable StreamRecorder recorder;

  public Demo(DemoOptions options, PrintWriter out) throws IOException {
    this(options, out, _ -> StartupCache.inUse());
  }

  /// @param jvmOptions further ones for each host's agent
  Demo(DemoOptions options, PrintWriter out, Function<DemoHost, List<String>> jvmOptions)
      throws IOException {
    this.options = options;
    this.out = out;
    this.files = DemoFiles.create(options);
    this.cluster = new DemoCluster(files, jvmOptions);
  }

  /// Starts all processes and returns when the service has a standby in sync.
  public void start() throws IOException, InterruptedException {
    long began = System.nanoTime();
    out.println("starting hosts a, b and w in " + files.directory());
    cluster.start();
    cluster.prepareDatabase(READY_BOUND);
    ServiceView service = cluster.awaitProtected(READY_BOUND);
    keeper = new DemoFileKeeper(cluster, service);
    Path recording = options.record();
    if (recording != null) {
      recorder =
          new StreamRecorder(
              recording,
              files.hosts().stream().map(DemoHost::controlUrl).toList(),
              files.operatorToken());
    }
    out.printf(
        Locale.ROOT,
        "ready after %.1f s: home %s, standby in sync%n",
        (System.nanoTime() - began) / 1e9,
        service.home());
    for (DemoHost host : files.hosts()) {
      out.printf(
          "  host %s   clients  %s%n           control  %s%n",
          host.name(), host.clientUrl(), host.controlUrl());
    }
    out.println("  processes " + files.directory().resolve("demo.json"));
    out.flush();
  }

  public DemoFiles files() {
    return files;
  }

  /// Runs the load and the faults for the demo's length, checks, and reports.
  public DemoReport run() throws IOException, InterruptedException {
    long begun = System.nanoTime();
    if (options.clients() > 0) {
      load = newLoad(files.jdbcUrls(options.fronts()), options.thinkMicros());
      load.start();
      startHistories();
    }
    FaultSchedule schedule = new FaultSchedule(options.faults());
    schedule.start(
        new FaultEngine(files.directory(), new FaultTargets(cluster, this::agentGoes)), begun, out);
    watch(begun);
    List<FaultReport> faults = schedule.await(FAULTS_BOUND);
    boolean ended = load == null || load.stop(LOAD_STOP_BOUND);
    ended &= histories == null || histories.stop(LOAD_STOP_BOUND);
    out.println("load ended; comparing what clients were told with what is stored");
    out.flush();
    Verification.Result result = Verification.run(cluster, load, histories);
    seeMemory();
    DemoReport report = report(faults, result, ended);
    write(report);
    Summary.print(out, report, result, options.durability());
    return report;
  }

  /// Runs the load alone, without pauses, through the agent or directly on the home's instance.
  ///
  /// @return acknowledged transactions a second
  public double throughput(boolean throughAgent, Duration length)
      throws IOException, InterruptedException {
    String home = cluster.awaitProtected(READY_BOUND).home();
    Load trial =
        newLoad(
            throughAgent
                ? files.jdbcUrls(options.fronts())
                : List.of(files.host(home).instanceJdbcUrl(DemoFiles.DATABASE)),
            0);
    long began = System.nanoTime();
    trial.start();
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
    boolean ended = trial.stop(LOAD_STOP_BOUND);
    double seconds = (System.nanoTime() - began) / 1e9;
    if (!ended || trial.tally().errors() > 0) {
      throw new IOException(
          "the load without a fault had " + trial.tally().errors() + " errors, ended=" + ended);
    }
    double perSecond = trial.tally().acknowledged() / seconds;
    out.printf(
        Locale.ROOT, "  %s: %.0f tx/s%n", throughAgent ? "through the agent" : "direct", perSecond);
    return perSecond;
  }

  /// Forgets what earlier loads have written, of whose ledgers the check knows nothing.
  public void clearLoad() throws IOException, InterruptedException {
    String home = cluster.awaitProtected(READY_BOUND).home();
    try (Connection admin = cluster.admin(home, DemoFiles.DATABASE)) {
      Schema.clear(admin);
    } catch (SQLException e) {
      throw new IOException("the load's tables cannot be emptied: " + e.getMessage(), e);
    }
  }

  private Load newLoad(List<String> jdbcUrls, long thinkMicros) {
    return new Load(
        new Load.Settings(
            jdbcUrls,
            DemoFiles.USER,
            DemoFiles.PASSWORD,
            options.clients(),
            options.workload(),
            thinkMicros,
            ledgers.getAndAdd(options.clients()),
            options.durability() == Durability.ASYNC));
  }

  private void startHistories() throws IOException {
    if (options.workload() != Workload.HISTORIES) {
      return;
    }
    Histories fresh =
        new Histories(
            new Histories.Settings(
                files.jdbcUrls(options.fronts()),
                DemoFiles.USER,
                DemoFiles.PASSWORD,
                HISTORIES_OF_EACH,
                System.nanoTime()));
    try {
      fresh.start();
    } catch (SQLException e) {
      throw new IOException("the histories' tables cannot be made: " + e.getMessage(), e);
    }
    histories = fresh;
  }

  private void agentGoes(String host) {
    Load running = load;
    if (running != null) {
      clientsOfLostFront.addAndGet(running.frontLost(files.clientPort(files.host(host))));
    }
  }

  /// Prints a line each second until the length is over, or until interrupted.
  private void watch(long begun) throws InterruptedException {
    long acknowledgedBefore = 0;
    for (long second = 1; ; second++) {
      long due = begun + second * PROGRESS_INTERVAL.toNanos();
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      seeMemory();
      Load running = load;
      if (running != null) {
        long acknowledged = running.tally().acknowledged();
        printProgress(second, acknowledged - acknowledgedBefore, running);
        acknowledgedBefore = acknowledged;
      }
      if (options.length() != null && second >= options.length().toSeconds()) {
        return;
      }
    }
  }

  private void printProgress(long second, long perSecond, Load running) {
    DemoFileKeeper told = keeper;
    ServiceView service = told == null ? null : told.service();
    out.printf(
        Locale.ROOT,
        "%4d s  home %s  epoch %s  %s  %5d tx/s  total %d  repeated %d  errors %d"
            + "  longest stall %.0f ms%n",
        second,
        service == null ? "?" : service.home(),
        service == null ? "?" : Long.toString(service.epoch()),
        service != null && service.protectedNow() ? "protected  " : "UNPROTECTED",
        perSecond,
        running.tally().acknowledged(),
        running.tally().retried(),
        running.tally().errors(),
        running.longestStallMillis());
    out.flush();
  }

  private void seeMemory() throws InterruptedException {
    try {
      counters.see(cluster.control().memory());
    } catch (IOException e) {
      LOG.debug("no agent tells of its memory: {}", e.getMessage());
    }
  }

  private DemoReport report(List<FaultReport> faults, Verification.Result result, boolean ended)
      throws InterruptedException {
    Optional<Load> ran = Optional.ofNullable(load);
    List<DemoReport.Move> moves = new ArrayList<>();
    try {
      cluster.control().moves().reversed().forEach(move -> moves.add(DemoReport.Move.of(move)));
    } catch (IOException e) {
      LOG.warn("the agents do not tell of their moves: {}", e.getMessage());
    }
    return new DemoReport(
        ran.map(Load::clients).orElse(0),
        ran.map(each -> each.tally().acknowledged()).orElse(0L),
        ran.map(each -> each.tally().retried()).orElse(0L),
        ran.map(each -> each.tally().errors()).orElse(0L) + (ended ? 0 : 1) + result.impossible(),
        ran.map(each -> each.tally().reconnects()).orElse(0L),
        clientsOfLostFront.get(),
        result.lost(),
        result.duplicated(),
        result.rowsDiffering(),
        ran.map(Load::longestStallMillis).orElse(0.0),
        ran.map(Load::stallMillisP99).orElse(0.0),
        counters.sum(view -> view.requestsStamped()),
        counters.sum(view -> view.requestsPurged()),
        counters.sum(view -> view.requestsForwarded()),
        counters.sum(view -> view.replicationBytesReceived()),
        counters.sum(view -> view.replicationBytesForwarded()),
        counters.max(view -> view.bytesMax()),
        faults,
        moves);
  }

  private void write(DemoReport report) throws IOException {
    Path file = options.report();
    if (file != null) {
      Files.writeString(
          file, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }
  }

  @Override
  public void close() {
    StreamRecorder recording = recorder;
    if (recording != null) {
      recording.close();
    }
    DemoFileKeeper open = keeper;
    if (open != null) {
      open.close();
    }
    cluster.close();
    try {
      files.close();
    } catch (IOException e) {
      LOG.warn("closing the demo's folder: {}", e.getMessage());
    }
  }
}
