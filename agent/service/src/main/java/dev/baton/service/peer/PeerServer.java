package dev.baton.service.peer;

import dev.baton.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The peer port of this host. Any thread.
final class PeerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerServer.class);

  /// Connections of which each is up to one frame of memory; more are refused at once.
  private static final int MAX_CONNECTIONS = 20_000;

  private final ChannelGroup channels =
      new DefaultChannelGroup("peers", GlobalEventExecutor.INSTANCE, true);
  private final Channel listener;

  @FunctionalInterface
  interface Handlers {
    ChannelHandler handler(String host, Connection connection);
  }

  /// @throws IOException when the port cannot be had
  PeerServer(PeerIdentity self, Transport transport, InetSocketAddress bind, Handlers handlers)
      throws IOException {
    InetSocketAddress address = loopback(bind);
    listener =
        new ServerBootstrap()
            .group(transport.group())
            .channel(transport.serverSocket())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, self, handlers);
                  }
                })
            .bind(address)
            .awaitUninterruptibly()
            .channel();
    if (!listener.isActive()) {
      throw new IOException("cannot listen for other agents on " + address);
    }
  }

  private static InetSocketAddress loopback(InetSocketAddress bind) {
    InetAddress address = bind.getAddress();
    if (address != null && address.isLoopbackAddress()) {
      return bind;
    }
    LOG.warn(
        "peer port: {} is not the loopback address and there is no TLS between agents yet;"
            + " listening on loopback only",
        bind);
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), bind.getPort());
  }

  private void accept(Channel channel, PeerIdentity self, Handlers handlers) {
    if (channels.size() >= MAX_CONNECTIONS) {
      LOG.warn("peer={} refused: {} connections", channel.remoteAddress(), channels.size());
      channel.close();
      return;
    }
    channels.add(channel);
    PeerPipeline.begin(
        channel,
        self,
        new ServerHandshake(
            self,
            (context, host, connection) ->
                PeerPipeline.authenticated(
                    context.pipeline(), handlers.handler(host, connection))));
  }

  void breakConnections() {
    channels.forEach(PeerPipeline::reset);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    channels.close();
  }
}
