package dev.baton.service.peer;

import dev.baton.core.memory.ServiceMemory;
import dev.baton.model.LogPosition;
import dev.baton.net.Transport;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// This agent among the others: the peer port, a link to every other host, calls, request logs and
/// the memories of this host. Every method may be called from any thread.
public final class PeerNetwork implements AutoCloseable {
  private final PeerIdentity self;
  private final Transport transport;
  private final PeerDirectory directory;
  private final PeerTimings timings;
  private final Door door;
  private final PeerServer server;
  private final CallHandlers handlers = new CallHandlers();
  private final MemoryHost memories = new MemoryHost();
  private final Map<String, Links> links = new ConcurrentHashMap<>();
  private final Map<String, PeerRequestLog> requestLogs = new ConcurrentHashMap<>();
  private final List<Consumer<Set<String>>> watchers = new CopyOnWriteArrayList<>();
  private final AtomicLong streamIds;

  private record Links(CallLink calls, RequestLink requests) {}

  /// Listens at once.
  ///
  /// @param bind of the peer port; without TLS a loopback address
  /// @param incarnation rises with every start of this agent, such as its generation or the time
  /// @throws IOException when the port cannot be had, or is not on the loopback address while there
  ///   is no TLS
  public PeerNetwork(
      PeerIdentity self,
      Transport transport,
      InetSocketAddress bind,
      PeerDirectory directory,
      PeerTimings timings,
      Door door,
      long incarnation)
      throws IOException {
    this.self = self;
    this.transport = transport;
    this.directory = directory;
    this.timings = timings;
    this.door = door;
    this.streamIds = new AtomicLong(incarnation << 24);
    memories.onPosition(this::tellPosition);
    this.server = new PeerServer(self, transport, bind, this::handler);
  }

  private ChannelHandler handler(String host, Connection connection) {
    return switch (connection) {
      case CALLS -> new CallServer(self, host, handlers, timings);
      case REQUESTS -> new RequestServer(self, host, memories);
      case DOOR -> door.server();
    };
  }

  private void tellPosition(
      String service, long epoch, LogPosition position, RequestIntake intake) {
    RequestServer.tellPosition(self, service, epoch, position, intake);
    PeerRequestLog own = requestLogs.get(service);
    if (own != null) {
      own.told(epoch, position);
    }
  }

  /// Breaks every connection that others have made to this agent; they come back by themselves.
  void breakConnections() {
    server.breakConnections();
  }

  /// Where other agents reach this one.
  public InetSocketAddress address() {
    return server.address();
  }

  /// Keeps a link to another host from now on; a second time changes nothing.
  public void connect(String host) {
    if (!host.equals(self.host())) {
      links.computeIfAbsent(host, this::link);
    }
  }

  private Links link(String host) {
    EventLoop loop = transport.group().next();
    RequestLink requests =
        new RequestLink(
            self,
            host,
            streamIds::incrementAndGet,
            this::positionOf,
            link -> dialer(host, Connection.REQUESTS, loop, link::handler));
    CallLink calls =
        new CallLink(
            self,
            host,
            timings,
            () -> changed(host),
            link -> dialer(host, Connection.CALLS, loop, link::handler));
    calls.start();
    requests.start();
    return new Links(calls, requests);
  }

  private Dialer dialer(
      String host,
      Connection connection,
      EventLoop loop,
      java.util.function.Supplier<ChannelHandler> handler) {
    return new Dialer(self, transport, directory, timings, host, connection, loop, handler);
  }

  private void positionOf(String host, String service, long epoch, LogPosition position) {
    PeerRequestLog log = requestLogs.get(service);
    if (log != null) {
      log.told(epoch, position);
    }
  }

  /// Runs on the event loop of both links to the host.
  private void changed(String host) {
    Links both = links.get(host);
    if (both != null && !both.calls().connected()) {
      // A host that fell silent is noticed by the heartbeat of calls; its requests would wait in a
      // dead connection.
      both.requests().breakNow();
    }
    Set<String> connected = connected();
    watchers.forEach(watcher -> watcher.accept(connected));
  }

  /// Other hosts that answer.
  public Set<String> connected() {
    return links.entrySet().stream()
        .filter(link -> link.getValue().calls().connected())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Other hosts with which there is no link because one side does not believe the other, and why.
  public Map<String, String> refusals() {
    Map<String, String> refusals = new TreeMap<>();
    links.forEach(
        (host, both) -> {
          String why = both.calls().refusal();
          if (why != null) {
            refusals.put(host, why);
          }
        });
    return refusals;
  }

  /// Told once now, on the caller's thread, and then on each change, on an event loop.
  public void watch(Consumer<Set<String>> watcher) {
    watchers.add(watcher);
    watcher.accept(connected());
  }

  /// `System.nanoTime()` of the last sign of life of a host; empty when there is no link to it.
  public OptionalLong lastSignNanos(String host) {
    Links both = links.get(host);
    return both == null ? OptionalLong.empty() : OptionalLong.of(both.calls().lastSignNanos());
  }

  /// Calls another host, or this one. Fails with [PeerException]: what the other side refused,
  /// `TIMED_OUT`, or `UNREACHABLE`.
  ///
  /// @param epoch in which the caller believes the service to be; 0 when it is about none
  public CompletionStage<String> call(String host, String method, long epoch, String bodyJson) {
    if (host.equals(self.host())) {
      return handlers.call(host, method, epoch, bodyJson);
    }
    Links both = links.get(host);
    return both == null
        ? CompletableFuture.failedStage(
            new PeerException(PeerError.UNREACHABLE, "there is no link to " + host))
        : both.calls().call(method, epoch, bodyJson);
  }

  /// One way; lost when the host is not connected.
  public void tell(String host, String method, long epoch, String bodyJson) {
    Links both = links.get(host);
    if (both != null) {
      both.calls().tell(method, epoch, bodyJson);
    }
  }

  /// Answers calls and notices of this name.
  public void handle(String method, CallHandler handler) {
    handlers.handle(method, handler);
  }

  /// The request log of this host's front for a service; the same for each call.
  public PeerRequestLog requestLog(String service) {
    return requestLogs.computeIfAbsent(
        service, name -> new PeerRequestLog(name, (host, epoch) -> outbox(name, host, epoch)));
  }

  private Outbox outbox(String service, String host, long epoch) {
    if (host.equals(self.host())) {
      return new LocalOutbox(service, self.host(), epoch, memories);
    }
    connect(host);
    Links both = links.get(host);
    if (both == null) {
      throw new IllegalStateException("the links are closed");
    }
    RemoteOutbox outbox = new RemoteOutbox(service, epoch, both.requests());
    both.requests().add(outbox);
    return outbox;
  }

  /// The memories of this host: see [MemoryHost#present(String, long, ServiceMemory, EventLoop)].
  public MemoryHost memories() {
    return memories;
  }

  @Override
  public void close() {
    links
        .values()
        .forEach(
            both -> {
              both.calls().close();
              both.requests().close();
            });
    server.close();
  }
}
