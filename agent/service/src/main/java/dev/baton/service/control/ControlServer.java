package dev.baton.service.control;

import dev.baton.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control interface of one agent, listening.
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private final Channel listener;
  private final ChannelGroup connections;
  private final StreamFeed feed;
  private final boolean secure;

  private ControlServer(
      Channel listener, ChannelGroup connections, StreamFeed feed, boolean secure) {
    this.listener = listener;
    this.connections = connections;
    this.feed = feed;
    this.secure = secure;
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
    OperatorToken token = OperatorToken.read(settings.operatorTokenFile());
    SslContext tls = tls(settings);
    boolean loopback = isLoopback(settings.listen());
    if (!loopback && tls == null) {
      throw new IOException(
          "the control interface does not listen on "
              + settings.listen()
              + " without TLS: give a certificate and its key, or a loopback address");
    }
    if (loopback && tls == null) {
      LOG.info(
          "control interface on the loopback address only, since no certificate is configured");
    }
    Guard guard = new Guard(token, loopback, tls != null, settings.origins());
    Metrics metrics = new Metrics();
    StreamFeed feed =
        new StreamFeed(source, settings.streamInterval(), bounds, metrics, Clock.systemUTC());
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ControlPipeline pipeline =
        new ControlPipeline(
            tls, guard, new Api(source, metrics), feed, metrics, bounds, connections);
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
    return new ControlServer(bound.channel(), connections, feed, tls != null);
  }

  private static boolean isLoopback(InetSocketAddress address) {
    @Nullable InetAddress resolved = address.getAddress();
    return resolved != null && resolved.isLoopbackAddress();
  }

  private static @Nullable SslContext tls(ControlSettings settings) throws IOException {
    Path certificate = settings.certificate();
    Path key = settings.privateKey();
    if (certificate == null || key == null) {
      return null;
    }
    try {
      return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "certificate %s with key %s cannot be used for the control interface: %s"
              .formatted(certificate, key, e.getMessage()),
          e);
    }
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
    return (secure ? "https://" : "http://") + literal + ":" + address.getPort();
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
  record Bounds(
      int connections,
      Duration request,
      Duration answer,
      Duration write,
      int backlogMessages,
      long backlogBytes) {
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
