package dev.baton.engine.postgres.replication;

import dev.baton.core.engine.LogRelay;
import dev.baton.core.memory.LogStore;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wal.WalFormat;
import dev.baton.model.LogPosition;
import dev.baton.net.Engine.InstanceSettings;
import dev.baton.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A replication server on the loopback address, for the local instance alone. It streams the
/// memory's log as it comes, presents the home's timeline and its history, and lets log go that the
/// instance has flushed, from the start of the flushed segment back: that is where a receiver
/// begins when it comes again.
final class WalRelay implements LogRelay, RelaySession.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(WalRelay.class);

  private static final int SCRAM_ITERATIONS = 4096;
  private static final int SALT_BYTES = 16;

  /// Between two questions while somebody waits for the instance to have flushed.
  private static final long ASK_MICROS = 1_000;

  /// Between two signs of life; far below the receiver's time-out.
  private static final long KEEP_ALIVE_SECONDS = 5;

  /// Log that waits in a socket's queue, beyond what the kernel holds.
  private static final WriteBufferWaterMark QUEUE = new WriteBufferWaterMark(256 << 10, 1 << 20);

  private record Waiting(LogPosition position, CompletableFuture<Void> done) {}

  private final EventLoop loop;
  private final HomeLink link;
  private final LogStore log;
  private final Channel server;
  private final Set<Channel> connections = new HashSet<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable RelaySession current;
  private @Nullable Future<?> asking;
  private final Future<?> signsOfLife;
  private boolean closed;
  private volatile Progress progress =
      new Progress(false, LogPosition.ZERO, LogPosition.ZERO, LogPosition.ZERO);

  WalRelay(
      InstanceSettings settings, LogStore log, EventLoop loop, HomeLink link, Transport transport)
      throws IOException {
    this.loop = loop;
    this.link = link;
    this.log = log;
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    ScramVerifier verifier = ScramVerifier.of(settings.adminPassword(), salt, SCRAM_ITERATIONS);
    this.server = listen(settings, verifier, transport);
    this.signsOfLife =
        loop.scheduleAtFixedRate(
            () -> keepAlive(false), KEEP_ALIVE_SECONDS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    loop.execute(
        () -> {
          log.onAppend(this::appended);
          link.onIdentity(this::appended);
          link.onMemoryFull(this::release);
        });
  }

  private Channel listen(InstanceSettings settings, ScramVerifier verifier, Transport transport)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.relayPort());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(transport.serverSocket())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, QUEUE)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(settings, verifier, channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("the relay cannot listen on " + address, bound.cause());
    }
    LOG.info("relay of {}: listening on {}", settings.service(), bound.channel().localAddress());
    return bound.channel();
  }

  private void accept(InstanceSettings settings, ScramVerifier verifier, Channel channel) {
    if (closed) {
      channel.close();
      return;
    }
    connections.add(channel);
    channel.closeFuture().addListener(ignored -> connections.remove(channel));
    channel
        .pipeline()
        .addLast(
            "login",
            new RelayLogin(
                settings.adminUser(),
                verifier,
                parameters(),
                () -> new RelaySession(link, log, this)));
  }

  private Map<String, String> parameters() {
    HomeIdentity home = link.identity();
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("client_encoding", "UTF8");
    parameters.put("integer_datetimes", "on");
    parameters.put("standard_conforming_strings", "on");
    if (home != null && !home.serverVersion().isEmpty()) {
      parameters.put("server_version", home.serverVersion());
    }
    return parameters;
  }

  @Override
  public int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  @Override
  public Progress progress() {
    Progress last = progress;
    RelaySession session = current;
    return session == null || !loop.inEventLoop()
        ? last
        : new Progress(true, session.relayed(), last.flushed(), last.replayed());
  }

  @Override
  public CompletionStage<Void> flushed(LogPosition position) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable task =
        () -> {
          if (closed) {
            done.completeExceptionally(new IOException("the relay is closed"));
          } else if (progress.flushed().isAtLeast(position)) {
            done.complete(null);
          } else {
            waiting.add(new Waiting(position, done));
            ask();
          }
        };
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
    return done;
  }

  /// A receiver tells by itself what it has flushed, but not always at once.
  private void ask() {
    keepAlive(true);
    if (asking == null) {
      asking =
          loop.scheduleAtFixedRate(
              () -> keepAlive(true), ASK_MICROS, ASK_MICROS, TimeUnit.MICROSECONDS);
    }
  }

  private void keepAlive(boolean replyRequested) {
    RelaySession session = current;
    if (session != null) {
      session.keepAlive(replyRequested);
    }
  }

  private void appended() {
    RelaySession session = current;
    if (session != null) {
      session.schedulePump();
    }
  }

  @Override
  public void streaming(RelaySession session) {
    RelaySession before = current;
    current = session;
    if (before != null && before != session) {
      before.close("another receiver of the standby has come");
    }
    publish(session, progress.flushed(), progress.replayed());
    if (!waiting.isEmpty()) {
      session.keepAlive(true);
    }
  }

  @Override
  public void status(RelaySession session, LogPosition flushed, LogPosition applied) {
    if (session != current) {
      return;
    }
    LogPosition before = progress.flushed();
    publish(session, before.max(flushed), progress.replayed().max(applied));
    link.applied(progress.replayed());
    if (before.isBefore(flushed)) {
      release();
    }
    answerWaiting();
  }

  /// A receiver that comes again begins at the start of a segment, so log is kept from there; but
  /// not by a memory that is full, which would stay so for ever were it smaller than a segment.
  /// What it then lacks is fetched from the home.
  private void release() {
    HomeIdentity home = link.identity();
    if (home != null) {
      LogPosition flushed = progress.flushed();
      log.release(
          link.isMemoryFull() ? flushed : WalFormat.segmentStart(flushed, home.segmentBytes()));
    }
  }

  private void publish(RelaySession session, LogPosition flushed, LogPosition replayed) {
    progress = new Progress(true, session.relayed(), flushed, replayed);
  }

  private void answerWaiting() {
    LogPosition flushed = progress.flushed();
    List<Waiting> reached =
        waiting.stream().filter(each -> flushed.isAtLeast(each.position())).toList();
    waiting.removeAll(reached);
    endAsking();
    reached.forEach(each -> each.done().complete(null));
  }

  private void endAsking() {
    Future<?> repeated = asking;
    if (waiting.isEmpty() && repeated != null) {
      repeated.cancel(false);
      asking = null;
    }
  }

  @Override
  public void gone(RelaySession session) {
    if (session == current) {
      current = null;
      Progress last = progress;
      progress = new Progress(false, last.relayed(), last.flushed(), last.replayed());
      LOG.info(
          "relay: the standby is gone flushed={} replayed={}", last.flushed(), last.replayed());
    }
  }

  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    loop.execute(
        () -> {
          closed = true;
          signsOfLife.cancel(false);
          List.copyOf(connections).forEach(Channel::close);
          List<Waiting> unanswered = List.copyOf(waiting);
          waiting.clear();
          endAsking();
          unanswered.forEach(
              each -> each.done().completeExceptionally(new IOException("the relay is closed")));
        });
  }
}
