package dev.baton.service.control;

import dev.baton.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control interface of one agent, listening.
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  /// That an address may show at once before it has to wait.
  private static final int WRONG_TOKENS = 10;

  private final Channel listener;
  private final ChannelGroup connections;
  private final StreamFeed feed;
  private final Guard guard;

  /// What new connections are offered; holds null for as long as the agent runs when TLS is off.
  private final AtomicReference<@Nullable SslContext> tls;

  private ControlServer(
      Channel listener,
      ChannelGroup connections,
      StreamFeed feed,
      Guard guard,
      AtomicReference<@Nullable SslContext> tls) {
    this.listener = listener;
    this.connections = connections;
    this.feed = feed;
    this.guard = guard;
    this.tls = tls;
  }

  /// Listens at once.
  ///
  /// @throws IOException when the address is taken, the token file is not fit for its purpose, or
  ///   the address is no loopback address while TLS is off; the message says what to do
  public static ControlServer open(
      ControlSettings settings, ControlSource source, Transport transport) throws IOException {
    return open(settings, source, transport, Bounds.PRODUCTION);
  }

  static ControlServer open(
      ControlSettings settings, ControlSource source, Transport transport, Bounds bounds)
      throws IOException {
    Credentials credentials = Credentials.of(settings);
    AtomicReference<@Nullable SslContext> tls =
        new AtomicReference<>(ControlTls.context(settings.tls()));
    boolean loopback = isLoopback(settings.listen());
    if (!loopback && settings.tls() == null) {
      throw new IOException(
          "the control interface does not listen on "
              + settings.listen()
              + " without TLS: give a certificate and its key, or a loopback address");
    }
    if (loopback && settings.tls() == null) {
      LOG.info(
          "control interface on the loopback address only, since no certificate is configured");
    }
    Guard guard =
        new Guard(
            loopback,
            settings.tls() != null,
            credentials,
            new TokenBuckets(
                bounds.requestsPerSecond(),
                (int) Math.ceil(2 * bounds.requestsPerSecond()),
                System::nanoTime),
            new TokenBuckets(bounds.wrongTokensPerSecond(), WRONG_TOKENS, System::nanoTime),
            InstantSource.system());
    Metrics metrics = new Metrics();
    StreamFeed feed =
        new StreamFeed(source, settings.streamInterval(), bounds, metrics, Clock.systemUTC());
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ControlPipeline pipeline =
        new ControlPipeline(
            tls::get, guard, new Api(source, metrics), feed, metrics, bounds, connections);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(transport.group())
            .channel(transport.serverSocket())
            .option(ChannelOption.SO_BACKLOG, 128)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(pipeline);
    var bound = bootstrap.bind(settings.listen()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      feed.close();
      throw new IOException(
          "the control interface cannot listen on " + settings.listen() + ": " + bound.cause(),
          bound.cause());
    }
    return new ControlServer(bound.channel(), connections, feed, guard, tls);
  }

  private static boolean isLoopback(InetSocketAddress address) {
    @Nullable InetAddress resolved = address.getAddress();
    return resolved != null && resolved.isLoopbackAddress();
  }

  /// What is wrong with settings, without listening; empty when they can be used.
  public static Optional<String> problem(ControlSettings settings) {
    try {
      var _ = Credentials.of(settings);
      var _ = ControlTls.context(settings.tls());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Believes whom the settings name, from now on, and offers new connections the certificate that
  /// is in its file now. Address, and whether there is TLS, stay as they were.
  ///
  /// @throws IOException when something cannot be used; then nothing has changed
  public void reload(ControlSettings settings) throws IOException {
    Credentials next = Credentials.of(settings);
    SslContext context = ControlTls.context(settings.tls());
    if (context != null && tls.get() != null) {
      tls.set(context);
    }
    guard.believe(next);
  }

  /// Open now.
  int connections() {
    return connections.size();
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// What a client on this host gives to `--connect`.
  public String url() {
    InetSocketAddress address = address();
    String host =
        address.getAddress().isAnyLocalAddress()
            ? address.getHostName()
            : address.getAddress().getHostAddress();
    String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls.get() != null ? "https://" : "http://") + literal + ":" + address.getPort();
  }

  /// Ends the stream's readers with "going away" and closes every connection.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    feed.close();
    connections.close().awaitUninterruptibly();
  }

  /// What one peer may use up.
  ///
  /// @param connections at once; more are closed as they come
  /// @param request until a request is complete, counted from the opening or from the answer before
  /// @param answer until the source must have answered
  /// @param write until an answer, or a message of the stream, is off to the peer
  /// @param backlogMessages of the stream kept for readers that lag or resume
  /// @param backlogBytes likewise
  /// @param requestsPerSecond of one network address, twice as many at once
  /// @param wrongTokensPerSecond likewise, after the first ten
  record Bounds(
      int connections,
      Duration request,
      Duration answer,
      Duration write,
      int backlogMessages,
      long backlogBytes,
      double requestsPerSecond,
      double wrongTokensPerSecond) {
    private static final double REQUESTS_PER_SECOND = 500;
    private static final double WRONG_TOKENS_PER_SECOND = 0.2;

    /// With the usual rates.
    Bounds(
        int connections,
        Duration request,
        Duration answer,
        Duration write,
        int backlogMessages,
        long backlogBytes) {
      this(
          connections,
          request,
          answer,
          write,
          backlogMessages,
          backlogBytes,
          REQUESTS_PER_SECOND,
          WRONG_TOKENS_PER_SECOND);
    }

    static final Bounds PRODUCTION =
        new Bounds(
            512,
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            1_024,
            16 << 20);
  }
}
