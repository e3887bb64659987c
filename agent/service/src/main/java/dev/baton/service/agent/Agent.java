package dev.baton.service.agent;

import dev.baton.core.cluster.Coordination;
import dev.baton.core.cluster.HostRecord;
import dev.baton.core.cluster.RoleState;
import dev.baton.core.engine.Harm;
import dev.baton.core.engine.Instance;
import dev.baton.model.view.HostView;
import dev.baton.model.view.ServiceView;
import dev.baton.net.AccessPolicy;
import dev.baton.net.Front;
import dev.baton.net.Transport;
import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.audit.AuditEvent;
import dev.baton.service.audit.AuditLog;
import dev.baton.service.control.ControlServer;
import dev.baton.service.coordination.CoordinationTls;
import dev.baton.service.coordination.ZooKeeperCoordination;
import dev.baton.service.drill.DrillFiles;
import dev.baton.service.drill.Drills;
import dev.baton.service.monitor.HostGauge;
import dev.baton.service.monitor.HostMonitor;
import dev.baton.service.monitor.Telemetry;
import dev.baton.service.peer.Door;
import dev.baton.service.peer.DoorPolicy;
import dev.baton.service.peer.PeerIdentity;
import dev.baton.service.peer.PeerNetwork;
import dev.baton.service.peer.PeerTimings;
import dev.baton.service.policy.PolicyStore;
import dev.baton.service.policy.PolicyWatch;
import dev.baton.service.policy.StoredPolicies;
import dev.baton.service.tls.MutualTls;
import dev.baton.service.tls.TlsFiles;
import dev.baton.service.views.ClusterViews;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One agent: everything that runs in its process, opened in the order in which it is needed and
/// closed in the opposite one.
final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  static final String VERSION = "0.1.0";

  /// Data of clients passes over few loops without blocking; more loops than cores only add
  /// switches.
  private static final int MIN_LOOPS = 2;

  /// Two starts are further apart; in these units the time fits an incarnation for centuries.
  private static final long INCARNATION_MILLIS = 10;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private @Nullable Reload reload;

  /// @throws IOException when a port, a file or a database's programs cannot be had; the message
  ///   says which and what to do
  static Agent open(AgentConfig.Loaded loaded) throws IOException, ConfigurationException {
    Agent agent = new Agent();
    try {
      agent.build(loaded);
      return agent;
    } catch (IOException | ConfigurationException | RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  private void build(AgentConfig.Loaded loaded) throws IOException, ConfigurationException {
    AgentConfig config = loaded.config();
    Files.createDirectories(config.directory());
    String secret = AgentConfig.secret(config.secretFile());
    Transport transport =
        keep(Transport.open(Math.max(MIN_LOOPS, Runtime.getRuntime().availableProcessors())));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("timer").factory());
    open.push(timer::shutdownNow);
    AuditLog audit = keep(AuditLog.open(config.directory(), config.host(), Clock.systemUTC()));
    MoveHistory history =
        keep(
            new MoveHistory(
                config.directory().resolve("history.db"),
                move -> audit.add(ClusterAudit.ended(move))));
    // closed after the network, from which changes of policies come until the end
    PolicyStore policies =
        keep(PolicyStore.open(config.directory().resolve("policies.json"), Clock.systemUTC()));
    TlsFiles coordinationFiles = config.coordinationTls();
    @Nullable CoordinationTls coordinationTls =
        coordinationFiles == null
            ? null
            : CoordinationTls.in(config.directory(), coordinationFiles);
    Coordination coordination =
        keep(ZooKeeperCoordination.open(config.coordination(), config.cluster(), coordinationTls));
    Directory directory = new Directory(config.reach());
    TlsFiles peerFiles = config.peers().tls();
    @Nullable MutualTls peerTls =
        peerFiles == null ? null : MutualTls.open(config.identity(), peerFiles);
    PeerIdentity self = new PeerIdentity(config.cluster(), config.host(), secret, peerTls);
    DoorPolicy doorPolicy = new DoorPolicy();
    Door door =
        new Door(
            self, transport, doorPolicy, service -> instanceAddress(config, service), directory);
    PeerNetwork network =
        keep(
            new PeerNetwork(
                self,
                transport,
                new InetSocketAddress(config.peerBind(), config.ports().peers()),
                directory,
                PeerTimings.DEFAULT,
                door,
                System.currentTimeMillis() / INCARNATION_MILLIS));
    ServiceAssembly assembly =
        new ServiceAssembly(
            config, transport, coordination, network, door, doorPolicy, history, timer);
    List<ServiceUnit> units = new ArrayList<>();
    List<OwnViews> views = new ArrayList<>();
    Map<String, Front> fronts = new HashMap<>();
    Map<String, AccessPolicy> admitted = new HashMap<>();
    for (int i = 0; i < config.services().size(); i++) {
      AgentConfig.Service service = config.services().get(i);
      AccessPolicy access = AccessPolicies.of(loaded, i);
      ServiceUnit unit = keep(assembly.assemble(service, access));
      units.add(unit);
      views.add(new OwnViews(unit, service.engine(), history));
      fronts.put(service.name(), unit.front());
      admitted.put(service.name(), access);
    }
    ClusterViews cluster = new ClusterViews(config.cluster(), config.host());
    HostMonitor monitor =
        keep(HostMonitor.start(config.directory(), () -> mainProcesses(units), Clock.systemUTC()));
    List<Telemetry.Gauge> gauges = new ArrayList<>();
    gauges.add(new HostGauge(monitor));
    units.forEach(unit -> gauges.add(unit.gauge()));
    Telemetry telemetry =
        keep(
            Telemetry.start(
                config.host(), gauges, config.directory().resolve("series.db"), Clock.systemUTC()));
    new CertificateWatch(network, peerTls, units, Clock.systemUTC()).begin(timer);
    HostRecord record = record(config);
    Peers peers = new AgentPeers(network);
    AtomicBoolean drillsArmed = new AtomicBoolean(Boolean.TRUE.equals(config.drillsArmed()));
    AtomicReference<ClusterControl> made = new AtomicReference<>();
    Drills drills =
        keep(
            new Drills(
                config.host(),
                new LocalDrillSite(
                    drillsArmed::get,
                    () -> Objects.requireNonNull(made.get()),
                    cluster,
                    harms(units)),
                new DrillFiles(config.directory().resolve("drills")),
                Clock.systemUTC(),
                System::nanoTime,
                drill -> audit.add(ClusterDrills.ended(drill))));
    ClusterControl control =
        new ClusterControl(
            config.host(),
            coordination,
            peers,
            units,
            cluster,
            new StoredPolicies(
                policies,
                cluster,
                units.stream().map(unit -> unit.settings().service()).toList(),
                Clock.systemUTC()),
            new Acknowledgements(config.host(), peers, history),
            new ClusterAudit(config.host(), peers, audit),
            new OwnSeries(telemetry, units),
            new ClusterDrills(config.host(), peers, drills, service -> home(cluster, service)));
    made.set(control);
    drills.begin();
    PolicyWatch watch =
        new PolicyWatch(
            config.host(),
            cluster,
            policies,
            () -> atHome(units),
            control::moveByPolicy,
            Clock.systemUTC());
    watch.begin(timer);
    new ViewsExchange(
            VERSION,
            units,
            views,
            () -> host(record, monitor),
            coordination,
            peers,
            cluster,
            policies,
            watch)
        .begin(timer);
    ControlServer server = keep(ControlServer.open(config.controlSettings(), control, transport));
    reload =
        new Reload(
            loaded,
            fronts,
            admitted,
            next -> {
              Runnable certified = certified(peerTls, next.peers().tls());
              server.reload(next.controlSettings());
              TlsFiles nextFiles = next.coordinationTls();
              if (coordinationTls != null && nextFiles != null) {
                coordinationTls.copy(nextFiles);
              }
              certified.run();
              drillsArmed.set(Boolean.TRUE.equals(next.drillsArmed()));
            },
            audit::add);
    join(coordination, directory, network, record, units);
    audit.add(
        AuditEvent.ofAgent("agent", "agent-begun", config.host(), "done", "version " + VERSION));
    tellSupervisor(config, transport, units, timer);
    LOG.info(
        "agent of host={} cluster={} serves clients={} peers={} control={} transport={}",
        config.host(),
        config.cluster(),
        record.clientAddress(),
        record.peerAddress(),
        record.controlUrl(),
        transport.name());
  }

  /// Takes TLS up or leaves it at a restart only.
  ///
  /// @return puts in force what was read
  private static Runnable certified(@Nullable MutualTls tls, @Nullable TlsFiles files)
      throws IOException {
    return tls == null || files == null ? () -> {} : tls.prepare(files);
  }

  private void tellSupervisor(
      AgentConfig config,
      Transport transport,
      List<ServiceUnit> units,
      ScheduledExecutorService timer) {
    SupervisorNotices notices = keep(SupervisorNotices.open(System.getenv()));
    List<Executor> threads = new ArrayList<>();
    transport.group().forEach(threads::add);
    units.forEach(unit -> threads.add(unit::whenIdle));
    notices.ready("host %s of cluster %s".formatted(config.host(), config.cluster()));
    notices.beat(timer, threads);
  }

  private void join(
      Coordination coordination,
      Directory directory,
      PeerNetwork network,
      HostRecord record,
      List<ServiceUnit> units) {
    open.push(
        coordination.watchHosts(
            hosts -> {
              directory.seen(hosts);
              hosts.forEach(host -> network.connect(host.name()));
            }));
    coordination
        .register(record)
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                LOG.warn("this agent is not known in coordination yet: {}", error.toString());
              }
            });
    units.forEach(unit -> unit.begin(coordination));
  }

  /// Reads the configuration anew; what came of it is in the log.
  void reload() {
    Reload present = reload;
    if (present != null) {
      present.run();
    }
  }

  private static @Nullable InetSocketAddress instanceAddress(AgentConfig config, String service) {
    return config.services().stream()
        .filter(known -> known.name().equals(service) && known.carriesInstance())
        .map(known -> new InetSocketAddress("127.0.0.1", known.port()))
        .findFirst()
        .orElse(null);
  }

  private static HostRecord record(AgentConfig config) {
    String address = config.bind() + ":";
    return new HostRecord(
        config.host(),
        address + config.ports().clients(),
        config.peerAddress() + ":" + config.ports().peers(),
        (config.control().tls() == null ? "http://" : "https://")
            + address
            + config.ports().control());
  }

  private static Set<String> atHome(List<ServiceUnit> units) {
    return units.stream()
        .filter(unit -> unit.state().role() instanceof RoleState.Role.Serving)
        .map(unit -> unit.settings().service())
        .collect(Collectors.toSet());
  }

  private static Map<String, Harm> harms(List<ServiceUnit> units) {
    Map<String, Harm> harms = new HashMap<>();
    for (ServiceUnit unit : units) {
      Harm harm = unit.harm();
      if (harm != null) {
        harms.put(unit.settings().service(), harm);
      }
    }
    return harms;
  }

  private static @Nullable String home(ClusterViews cluster, String service) {
    return cluster.services(Instant.now()).stream()
        .filter(view -> view.name().equals(service))
        .map(ServiceView::home)
        .findFirst()
        .orElse(null);
  }

  private static Set<Long> mainProcesses(List<ServiceUnit> units) {
    return units.stream()
        .map(unit -> unit.instance().identity())
        .filter(Objects::nonNull)
        .map(Instance.Identity::processId)
        .collect(Collectors.toSet());
  }

  private static HostView host(HostRecord record, HostMonitor monitor) {
    HostMonitor.Measurement measured = monitor.last();
    return new HostView(
        record.name(),
        "up",
        record.clientAddress(),
        record.controlUrl(),
        List.of(),
        measured == null ? null : measured.load(),
        measured == null ? null : measured.configuration(),
        0,
        Instant.now());
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} was not closed in order: {}", part.getClass().getSimpleName(), e.toString());
      }
    }
  }
}
