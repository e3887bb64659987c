package dev.baton.engine.postgres.replication;

import dev.baton.core.engine.LogRelay;
import dev.baton.core.engine.LogSource;
import dev.baton.core.memory.MemoryBounds;
import dev.baton.core.memory.ServiceMemory;
import dev.baton.engine.postgres.instance.PostgresInstance;
import dev.baton.engine.postgres.instance.TestServer;
import dev.baton.model.LogPosition;
import dev.baton.net.BackendConnector;
import dev.baton.net.Transport;
import dev.baton.testing.Await;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One host of a pair: a real server and, while it is the standby, memory, source and relay.
final class TestHost implements AutoCloseable {
  static final Duration BOUND = Duration.ofSeconds(60);

  /// The doors of all hosts of a test, always open.
  static final class Doors implements BackendConnector {
    private final Transport transport;
    private final Map<String, Integer> ports = new HashMap<>();

    Doors(Transport transport) {
      this.transport = transport;
    }

    void set(String host, int port) {
      ports.put(host, port);
    }

    @Override
    public Future<Channel> connect(
        EventLoop loop,
        String service,
        String host,
        long epoch,
        Purpose purpose,
        ChannelHandler handler) {
      Promise<Channel> connected = loop.newPromise();
      var connecting =
          new Bootstrap()
              .group(loop)
              .channel(transport.socket())
              .handler(handler)
              .connect("127.0.0.1", Objects.requireNonNull(ports.get(host)));
      connecting.addListener(
          done -> {
            if (done.isSuccess()) {
              connected.setSuccess(connecting.channel());
            } else {
              connected.setFailure(done.cause());
            }
          });
      return connected;
    }
  }

  final String name;
  final TestServer server;
  final List<Integer> progress = new ArrayList<>();
  final List<String> broken = new ArrayList<>();
  final List<String> gone = new CopyOnWriteArrayList<>();
  private final Doors doors;
  private final Transport transport;
  private final EventLoop loop;
  private @Nullable ServiceMemory memory;
  private @Nullable WalReplication replication;
  private @Nullable LogRelay relay;
  private long generation;

  TestHost(String name, Doors doors, Transport transport, Map<String, String> settings)
      throws IOException {
    this.name = name;
    this.doors = doors;
    this.transport = transport;
    this.loop = transport.group().next();
    this.server = TestServer.create(name, settings, this::copy);
    doors.set(name, server.port());
  }

  PostgresInstance instance() {
    return server.instance();
  }

  private LogPosition copy(
      long epoch, String home, java.nio.file.Path into, java.util.function.IntConsumer told)
      throws IOException {
    BaseBackup backup =
        new BaseBackup(server.settings(), loop, doors, new BaseBackup.Options(0, false));
    return backup.copy(epoch, home, into, told);
  }

  /// An empty memory, which receives from `home`, and a relay.
  void receive(long epoch, String home, LogPosition from, MemoryBounds bounds) throws IOException {
    leave();
    ServiceMemory fresh =
        new ServiceMemory("test", name, ++generation, bounds, null, loop, System::nanoTime);
    memory = fresh;
    WalReplication both = onLoop(() -> new WalReplication(server.settings(), fresh, loop, doors));
    replication = both;
    relay = both.relay(transport);
    both.source().onBroken(broken::add);
    both.source().onGone(gone::add);
    both.source().start(epoch, home, from);
  }

  void seedAndFollow(long epoch, TestHost home, MemoryBounds bounds) throws IOException {
    progress.clear();
    LogPosition from = instance().seed(epoch, home.name, progress::add);
    receive(epoch, home.name, from, bounds);
    instance().start();
    awaitReplayOf(home.instance().position());
  }

  ServiceMemory memory() {
    return Objects.requireNonNull(memory);
  }

  LogSource source() {
    return Objects.requireNonNull(replication).source();
  }

  LogRelay relay() {
    return Objects.requireNonNull(relay);
  }

  void awaitReplayOf(LogPosition position) {
    Await.until(
        "replay of " + position + ", is " + relay().progress(),
        () -> onLoop(() -> relay().progress()).replayed().isAtLeast(position));
  }

  <T> T onLoop(Supplier<T> task) {
    try {
      return loop.submit(task::get).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// Gives up receiving and relaying; the server stays as it is.
  void leave() {
    WalReplication both = replication;
    LogRelay relaying = relay;
    ServiceMemory old = memory;
    if (both == null || relaying == null || old == null) {
      return;
    }
    try {
      Await.result(both.source().stop());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    relaying.close();
    onLoop(
        () -> {
          old.close();
          return "";
        });
    replication = null;
    relay = null;
    memory = null;
  }

  @Override
  public void close() throws IOException {
    leave();
    server.close();
  }
}
