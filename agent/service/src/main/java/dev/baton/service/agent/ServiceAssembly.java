package dev.baton.service.agent;

import dev.baton.core.cluster.Coordination;
import dev.baton.core.cluster.RoleSettings;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.engine.Instance;
import dev.baton.core.memory.MemoryBounds;
import dev.baton.model.LogPosition;
import dev.baton.net.AccessPolicy;
import dev.baton.net.Engine;
import dev.baton.net.Engine.InstanceSettings;
import dev.baton.net.Front;
import dev.baton.net.FrontSettings;
import dev.baton.net.Transport;
import dev.baton.service.agent.AgentConfig.ConfigurationException;
import dev.baton.service.monitor.ServiceGauge;
import dev.baton.service.peer.Door;
import dev.baton.service.peer.DoorPolicy;
import dev.baton.service.peer.PeerNetwork;
import dev.baton.service.peer.PeerRequestLog;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Puts the parts of one service on this host together.
final class ServiceAssembly {
  private static final long CHUNK_BYTES = 256 << 10;

  private final AgentConfig config;
  private final Transport transport;
  private final Coordination coordination;
  private final PeerNetwork network;
  private final Door door;
  private final DoorPolicy doorPolicy;
  private final MoveHistory history;
  private final ScheduledExecutorService timer;

  ServiceAssembly(
      AgentConfig config,
      Transport transport,
      Coordination coordination,
      PeerNetwork network,
      Door door,
      DoorPolicy doorPolicy,
      MoveHistory history,
      ScheduledExecutorService timer) {
    this.config = config;
    this.transport = transport;
    this.coordination = coordination;
    this.network = network;
    this.door = door;
    this.doorPolicy = doorPolicy;
    this.history = history;
    this.timer = timer;
  }

  /// @param access who may come in when the front opens
  ServiceUnit assemble(AgentConfig.Service service, AccessPolicy access)
      throws IOException, ConfigurationException {
    Engine engine = engine(service.engine());
    List<String> problems = engine.problems(access);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(String.join("\n", problems));
    }
    InstanceSettings instanceSettings = instanceSettings(config, service);
    ScheduledExecutorService mailbox =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("driver-" + service.name()).factory());
    AgentPeers peers = new AgentPeers(network);
    AtomicReference<ServiceUnit> unit = new AtomicReference<>();
    EventLoop memoryLoop = transport.group().next();
    StandbyLogs logs =
        new StandbyLogs(
            engine,
            instanceSettings,
            bounds(service),
            config.directory(),
            memoryLoop,
            network.memories(),
            transport,
            door,
            why -> Objects.requireNonNull(unit.get()).logBroken(why),
            why -> Objects.requireNonNull(unit.get()).logGone(why));
    RouteQuestions questions =
        new RouteQuestions(
            service.name(),
            config.host(),
            peers,
            (epoch, transaction) -> Objects.requireNonNull(unit.get()).fate(epoch, transaction),
            (epoch, orderly) -> Objects.requireNonNull(unit.get()).backendLost(epoch, orderly));
    RouteHub route = new RouteHub(service.name(), mailbox, questions);
    PeerRequestLog requestLog = network.requestLog(service.name());
    Front front =
        engine.front(
            frontSettings(service, access, instanceSettings.adminPassword()),
            route,
            requestLog,
            transport,
            door);
    Instance instance =
        service.carriesInstance()
            ? engine.instance(instanceSettings, service.binaries(), transport, door)
            : new NoInstance();
    ServiceGauge gauge =
        new ServiceGauge(
            service.name(),
            front,
            instance,
            service.carriesInstance() ? engine.probe(instanceSettings) : null,
            System::nanoTime);
    ServiceDoor serviceDoor = new ServiceDoor(doorPolicy, service.name());
    ServiceUnit made =
        new ServiceUnit(
            new ServiceUnit.Parts(
                roleSettings(service),
                mailbox,
                timer,
                coordination,
                peers,
                route,
                serviceDoor,
                instance,
                logs,
                front,
                gauge,
                service.carriesInstance() ? engine.harm(instanceSettings) : null,
                history,
                new Fence(serviceDoor, requestLog),
                new MemoriesOfRecord(requestLog)));
    unit.set(made);
    return made;
  }

  static InstanceSettings instanceSettings(AgentConfig config, AgentConfig.Service service)
      throws ConfigurationException {
    return new InstanceSettings(
        service.name(),
        config.host(),
        Objects.requireNonNullElse(service.dataDirectory(), config.directory()), // a gateway's
        service.port(),
        service.relayPort(),
        service.adminUser(),
        AgentConfig.secret(service.adminPasswordFile()),
        service.logKeepBytes());
  }

  static Engine engine(String name) throws ConfigurationException {
    return ServiceLoader.load(Engine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "engine '" + name + "' is not installed; 'postgresql' comes with Baton"));
  }

  private RoleSettings roleSettings(AgentConfig.Service service) {
    RoleSettings usual =
        RoleSettings.of(
                config.cluster(),
                service.name(),
                config.host(),
                service.home(),
                service.carriesInstance(),
                service.durability())
            .keepingLog(service.logKeepBytes());
    return service.automatic() ? usual : usual.withoutAutomaticFailover();
  }

  private static MemoryBounds bounds(AgentConfig.Service service) {
    MemoryBounds usual = MemoryBounds.DEFAULT;
    return new MemoryBounds(
        Math.max(service.memoryBytes(), 16 * CHUNK_BYTES),
        service.memoryDiskBytes(),
        usual.commitIds(),
        (int) CHUNK_BYTES);
  }

  private FrontSettings frontSettings(
      AgentConfig.Service service, AccessPolicy access, String password) {
    int port = service.clientPort() == 0 ? config.ports().clients() : service.clientPort();
    return new FrontSettings(
        service.name(),
        config.host(),
        new InetSocketAddress(config.bind(), port),
        access,
        service.adminUser(),
        password,
        service.maxMessageBytes(),
        service.maxTransactionBytes(),
        service.holdMillis(),
        service.keepAliveMillis(),
        service.loginMillis(),
        service.twins(),
        service.maxLoggingIn(),
        service.maxClients());
  }

  /// Sends the front's requests to every memory for which the record lets the home wait.
  private static final class MemoriesOfRecord implements Consumer<ServiceRecord> {
    private final PeerRequestLog requestLog;
    private int version;

    MemoriesOfRecord(PeerRequestLog requestLog) {
      this.requestLog = requestLog;
    }

    @Override
    public synchronized void accept(ServiceRecord record) {
      if (record.version() > version) {
        version = record.version();
        requestLog.setMemories(record.epoch(), List.copyOf(record.awaited()));
      }
    }
  }

  private record Fence(ServiceDoor door, PeerRequestLog requestLog) implements InstanceHands.Fence {
    private static final long LOOK_AGAIN_NANOS = 500_000;

    @Override
    public void closeToClients(String reason) {
      door.closeToClients(reason);
    }

    @Override
    public void closeToAll(String reason) {
      door.closeToAll(reason);
    }

    @Override
    public void awaitMembers(LogPosition position, long boundMillis) {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(boundMillis);
      while (requestLog.position().isBefore(position) && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
  }
}
