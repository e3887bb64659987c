package dev.baton.engine.postgres.instance;

import dev.baton.core.engine.Instance;
import dev.baton.engine.postgres.wal.LogEnd;
import dev.baton.model.LogPosition;
import dev.baton.net.Engine.InstanceSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server on this host.
public final class PostgresInstance implements Instance {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresInstance.class);
  private static final Duration PROBE_BOUND = Duration.ofMillis(500);
  private static final Duration GOING_BOUND = Duration.ofSeconds(1);
  private static final Duration LEFTOVER_STOP_BOUND = Duration.ofSeconds(5);
  private static final Duration START_POLL = Duration.ofMillis(5);
  private static final Duration PROMOTE_POLL = Duration.ofMillis(2);

  private final InstanceSettings settings;
  private final Seeding seeding;
  private final ServerUser user;
  private final DataDirectory data;
  private final ServerProgram program;
  private final Options options;
  private final List<Consumer<Going>> listeners = new CopyOnWriteArrayList<>();
  private volatile State state;
  private volatile @Nullable Run run;
  private volatile @Nullable Process starting;
  private volatile @Nullable Thread seedingThread;
  private volatile @Nullable Identity identity;
  private volatile FormerLife past = FormerLife.UNKNOWN;
  private volatile LogPosition observedPosition = LogPosition.ZERO;
  private Set<String> members = Set.of();

  /// One run of the server, from its start to its end.
  private record Run(Process process, LivenessWatch watch, AdminSession admin) {}

  /// @param initdb further options of initdb
  /// @param server further settings of the server
  record Options(List<String> initdb, Map<String, String> server) {
    static final Options NONE = new Options(List.of(), Map.of());
  }

  public PostgresInstance(InstanceSettings settings, ServerBinaries binaries, Seeding seeding)
      throws IOException {
    this(settings, binaries, seeding, Options.NONE);
  }

  PostgresInstance(
      InstanceSettings settings, ServerBinaries binaries, Seeding seeding, Options options)
      throws IOException {
    this.settings = settings;
    this.seeding = seeding;
    this.options = options;
    this.user = ServerUser.find();
    this.data = new DataDirectory(settings.dataDirectory().toAbsolutePath(), user);
    if (data.holdsDatabase() && !Adoption.isBatons(data.path())) {
      throw new IOException(
          data.path()
              + " holds a database that was not made by Baton: 'baton protect' takes it over;"
              + " nothing of it is touched before");
    }
    this.program = new ServerProgram(binaries, user, settings, data.logFolder());
    this.state = data.holdsDatabase() ? State.STOPPED : State.ABSENT;
  }

  @Override
  public void initialize() throws IOException {
    if (data.holdsDatabase()) {
      return;
    }
    user.checkReachable(data.path().resolve("PG_VERSION"));
    data.create();
    program.initialize(options.initdb());
    ServerSettings server = serverSettings();
    server.write(user);
    server.writeAccess(user);
    state = State.STOPPED;
    LOG.info("{}: created an empty database in {}", name(), data.path());
  }

  @Override
  public boolean exists() {
    return data.holdsDatabase();
  }

  @Override
  public LogPosition seed(long epoch, String home, IntConsumer progressPercent) throws IOException {
    kill();
    user.checkReachable(data.path().resolve("PG_VERSION"));
    data.putAside();
    data.create();
    seedingThread = Thread.currentThread();
    LogPosition from;
    try {
      from = seeding.copy(epoch, home, data.path(), progressPercent);
    } finally {
      seedingThread = null;
    }
    data.forgetOrigin();
    user.own(data.path());
    followRelay();
    LOG.info("{}: copied from {} from={}", name(), home, from);
    return from;
  }

  @Override
  public void followRelay() throws IOException {
    // Else, once promoted, it would wait for members of another home's time.
    members = Set.of();
    serverSettings().write(user);
    data.markStandby();
    if (run == null) {
      state = State.STOPPED;
    }
  }

  @Override
  public void start() throws IOException {
    Run before = run;
    if (before != null && before.process().isAlive()) {
      throw new IllegalStateException(name() + " has been started already");
    }
    if (before != null) {
      kill(); // backends may outlive a main process that died by itself
    }
    endLeftover();
    data.forgetEndedServer();
    serverSettings().write(user);
    state = State.STARTING;
    long began = System.nanoTime();
    Process process = program.start();
    starting = process;
    try {
      awaitConnections(process);
      opened(process, began);
    } catch (IOException | RuntimeException e) {
      kill();
      throw e;
    } finally {
      starting = null;
    }
  }

  private void opened(Process process, long began) throws IOException {
    AdminSession admin = AdminSession.open(settings);
    LivenessWatch watch = new LivenessWatch(settings, process, this::observe, this::going);
    run = new Run(process, watch, admin);
    state = isInRecovery(admin) ? State.STANDBY : State.PRIMARY;
    past = state == State.PRIMARY ? FormerLife.before(admin) : FormerLife.UNKNOWN;
    identity = readIdentity(admin, process.pid());
    watch.start();
    LOG.info(
        "{}: started as {} pid={} port={} millis={}",
        name(),
        state,
        process.pid(),
        settings.port(),
        (System.nanoTime() - began) / 1_000_000);
  }

  /// A server that an earlier agent has left behind takes its leave first: what clients have sent
  /// to it must not run later, and its death would not be known at once, since it is no child of
  /// this process.
  private void endLeftover() throws IOException {
    if (ServerProcesses.of(data.path()).isEmpty()) {
      return;
    }
    LOG.warn("{}: a server of an earlier agent still runs, ending it first", name());
    PostmasterFile.read(data.path())
        .filter(file -> ServerProcesses.isServerOf(file.processId(), data.path()))
        .flatMap(file -> ProcessHandle.of(file.processId()))
        .ifPresent(this::stopLeftover);
    ServerProcesses.kill(data.path());
  }

  private void stopLeftover(ProcessHandle process) {
    Signals.send(process.pid(), Signals.INTERRUPT);
    try {
      process.onExit().get(LEFTOVER_STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
      LOG.warn("{}: it does not stop in order, so it is killed", name());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitConnections(Process process) throws IOException {
    while (true) {
      if (!process.isAlive()) {
        throw new IOException(
            name() + ": the server ended while it started; its log ends:\n" + program.logTail());
      }
      switch (StartupProbe.ask(settings.port(), settings.adminUser(), PROBE_BOUND)) {
        case ACCEPTS -> {
          return;
        }
        case REFUSES, NOT_NOW, NOBODY, SILENT -> Pause.of(START_POLL);
      }
    }
  }

  @Override
  public void stop(Duration bound) throws IOException {
    Run stopping = run;
    if (stopping == null) {
      return;
    }
    expectEnd(stopping);
    state = State.STOPPING;
    Signals.send(stopping.process().pid(), Signals.INTERRUPT);
    boolean ended;
    try {
      ended = stopping.process().waitFor(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended = false;
    }
    kill(); // after an orderly end there is nothing left to kill
    if (!ended) {
      throw new IOException(
          name() + " did not stop within " + bound.toMillis() + " ms and was killed");
    }
    LOG.info("{}: stopped in order", name());
  }

  @Override
  public void kill() throws IOException {
    Run killed = run;
    if (killed != null) {
      expectEnd(killed);
      killed.process().destroyForcibly();
    }
    Thread copying = seedingThread;
    if (copying != null) {
      copying.interrupt(); // else it would write into a directory that others use by then
    }
    Process early = starting;
    if (early != null) {
      early.destroyForcibly(); // it may not have entered its data directory yet
    }
    if (data.holdsDatabase()) {
      ServerProcesses.kill(data.path());
    }
    state = data.holdsDatabase() ? State.STOPPED : State.ABSENT;
    run = null;
  }

  private void expectEnd(Run ending) {
    ending.watch().close();
    ending.admin().close();
  }

  @Override
  public void promote(Duration bound) throws IOException {
    Run promoted = running();
    long began = System.nanoTime();
    promoted.admin().ask("SELECT pg_catalog.pg_promote(false)");
    while (isInRecovery(promoted.admin())) {
      if (System.nanoTime() - began > bound.toNanos()) {
        throw new IOException(
            name() + " takes no writes " + bound.toMillis() + " ms after it was promoted");
      }
      Pause.of(PROMOTE_POLL);
    }
    state = State.PRIMARY;
    long millis = (System.nanoTime() - began) / 1_000_000;
    identity = readIdentity(promoted.admin(), promoted.process().pid());
    LOG.info("{}: takes writes since its promotion millis={}", name(), millis);
  }

  @Override
  public LogPosition requireAcknowledgement(Set<String> required) throws IOException {
    Run current = running();
    Set<String> before = members;
    members = Set.copyOf(required);
    serverSettings().write(user);
    CommitWait.change(current.admin(), settings, before, members);
    LogPosition end = ask(current.admin(), "SELECT pg_catalog.pg_current_wal_insert_lsn()");
    LOG.info("{}: commits wait for {} from={}", name(), members, end);
    return end;
  }

  @Override
  public LogPosition position() throws IOException {
    return running().admin().position();
  }

  @Override
  public @Nullable LogPosition endOfLog() throws IOException {
    return data.holdsDatabase() ? LogEnd.find(data.path().resolve("pg_wal")) : null;
  }

  @Override
  public LogPosition observedPosition() {
    return observedPosition;
  }

  private void observe(LogPosition position) {
    observedPosition = position;
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public @Nullable Identity identity() {
    return identity;
  }

  @Override
  public void onGoing(Consumer<Going> listener) {
    listeners.add(listener);
  }

  @Override
  public boolean goingDown() {
    Run current = run;
    if (current == null || !current.process().isAlive()) {
      return true;
    }
    if (PostmasterFile.read(data.path()).filter(PostmasterFile::isStopping).isPresent()) {
      return true;
    }
    return switch (StartupProbe.ask(settings.port(), settings.adminUser(), GOING_BOUND)) {
      case ACCEPTS, REFUSES -> false;
      case NOT_NOW, NOBODY, SILENT -> true;
    };
  }

  @Override
  public void close() {
    Run open = run;
    if (open != null) {
      expectEnd(open);
    }
  }

  private void going(Going going) {
    if (going.cause() == Going.Cause.DIED) {
      state = State.STOPPED;
    } else if (going.cause() == Going.Cause.STOPPING) {
      state = State.STOPPING;
    }
    listeners.forEach(listener -> listener.accept(going));
  }

  private Run running() throws IOException {
    Run current = run;
    if (current == null) {
      throw new IOException(name() + " does not run");
    }
    return current;
  }

  private ServerSettings serverSettings() {
    return new ServerSettings(settings, members, options.server());
  }

  private String name() {
    return settings.service() + "@" + settings.host();
  }

  @Override
  public Optional<Boolean> committedBefore(long transaction) throws IOException {
    return past.committed(running().admin(), transaction);
  }

  private static boolean isInRecovery(AdminSession admin) throws IOException {
    return "t".equals(admin.ask("SELECT pg_catalog.pg_is_in_recovery()"));
  }

  private static LogPosition ask(AdminSession admin, String sql) throws IOException {
    String position = admin.ask(sql);
    return position == null ? LogPosition.ZERO : LogPosition.parse(position);
  }

  private Identity readIdentity(AdminSession admin, long processId) throws IOException {
    String timeline =
        admin.ask(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN coalesce("
                + "(SELECT received_tli FROM pg_catalog.pg_stat_wal_receiver),"
                + " (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()))"
                + " ELSE ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name("
                + "pg_catalog.pg_current_wal_lsn()), 1, 8))::bit(32)::int END");
    String systemId = admin.ask("SELECT system_identifier FROM pg_catalog.pg_control_system()");
    String version = admin.ask("SHOW server_version");
    return new Identity(
        String.valueOf(systemId),
        timeline == null ? 0 : Long.parseLong(timeline),
        String.valueOf(version),
        settings.port(),
        processId);
  }
}
