package dev.baton.service.peer;

import dev.baton.net.Transport;
import dev.baton.service.tls.MutualTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Keeps one connection to another agent, and makes a new one whenever it breaks. Confined to its
/// event loop after `start`.
final class Dialer {
  private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

  private final PeerIdentity self;
  private final Transport transport;
  private final PeerDirectory directory;
  private final PeerTimings timings;
  private final String host;
  private final Connection connection;
  private final EventLoop loop;
  private final Supplier<ChannelHandler> handler;
  private @Nullable Channel channel;
  private @Nullable String lastFailure;
  private volatile @Nullable String refusal;
  private boolean closed;

  /// @param handler makes the handler of frames of a new connection; it gets `handlerAdded` when
  ///   the other side is known and `channelInactive` when the connection breaks
  Dialer(
      PeerIdentity self,
      Transport transport,
      PeerDirectory directory,
      PeerTimings timings,
      String host,
      Connection connection,
      EventLoop loop,
      Supplier<ChannelHandler> handler) {
    this.self = self;
    this.transport = transport;
    this.directory = directory;
    this.timings = timings;
    this.host = host;
    this.connection = connection;
    this.loop = loop;
    this.handler = handler;
  }

  EventLoop loop() {
    return loop;
  }

  void start() {
    loop.execute(this::connect);
  }

  void close() {
    loop.execute(
        () -> {
          closed = true;
          Channel open = channel;
          if (open != null) {
            open.close();
          }
        });
  }

  private void connect() {
    if (closed) {
      return;
    }
    InetSocketAddress address = directory.address(host);
    if (address == null) {
      failed("no address is known");
      again();
      return;
    }
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(transport.socket())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timings.silenceMillis())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel fresh) {
                    PeerPipeline.calling(
                        fresh,
                        self,
                        host,
                        address,
                        new CallerHandshake(self, host, connection, new Hello()));
                  }
                })
            .connect(address);
    channel = connecting.channel();
    connecting.addListener(
        (ChannelFuture done) -> {
          if (!done.isSuccess()) {
            failed(done.cause().toString());
          } else {
            endIfMute(done.channel());
          }
        });
    connecting.channel().closeFuture().addListener(gone -> again());
  }

  /// A host that takes connections and says nothing, because its agent is frozen, must not hold the
  /// one attempt for ever.
  private void endIfMute(Channel fresh) {
    // the first handshake of a fresh process, on a host under load, takes its time
    long bound = self.tls() == null ? timings.silenceMillis() : 3 * timings.silenceMillis();
    loop.schedule(
        () -> {
          if (fresh.pipeline().get(CallerHandshake.class) != null) {
            fresh.close();
          }
        },
        bound,
        TimeUnit.MILLISECONDS);
  }

  private void again() {
    channel = null;
    if (!closed) {
      // a certificate that is refused does not get better in milliseconds, and costs both sides
      long pause = refusal == null ? timings.reconnectMillis() : timings.silenceMillis();
      loop.schedule(this::connect, pause, TimeUnit.MILLISECONDS);
    }
  }

  /// Why TLS with the other side has failed the last time; null when it has not. Any thread.
  @Nullable String refusal() {
    return refusal;
  }

  private void failed(String why) {
    if (!why.equals(lastFailure)) {
      lastFailure = why;
      LOG.info("peer={} {} not connected: {}", host, connection, why);
    }
  }

  private final class Hello implements CallerHandshake.Outcome {
    @Override
    public void welcomed(ChannelHandlerContext context) {
      lastFailure = null;
      refusal = null;
      LOG.info("peer={} {} connected", host, connection);
      PeerPipeline.authenticated(context.pipeline(), handler.get());
    }

    @Override
    public void refused(Throwable reason) {
      Optional<String> why = lasting(reason);
      if (why.isPresent()) {
        refusal = why.get();
        refused(why.get());
      } else {
        failed(reason.toString());
      }
    }

    /// What does not mend by trying again at once.
    private static Optional<String> lasting(Throwable reason) {
      return reason instanceof PeerException refused
              && (refused.error() == PeerError.NOT_AUTHENTIC
                  || refused.error() == PeerError.WRONG_CLUSTER)
          ? Optional.of(String.valueOf(refused.getMessage()))
          : MutualTls.refusal(reason);
    }

    private void refused(String why) {
      if (!why.equals(lastFailure)) {
        lastFailure = why;
        // once for a host, not for each kind of connection
        Level level = connection == Connection.CALLS ? Level.WARN : Level.DEBUG;
        LOG.atLevel(level).log("peer={} {} not connected: {}", host, connection, why);
      }
    }
  }
}
