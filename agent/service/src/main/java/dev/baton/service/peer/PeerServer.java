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
  private final RefusalLog refusals = new RefusalLog();
  private final Channel listener;

  @FunctionalInterface
  interface Handlers {
    ChannelHandler handler(String host, Connection connection);
  }

  /// @throws IOException when the port cannot be had, or others could listen in
  PeerServer(PeerIdentity self, Transport transport, InetSocketAddress bind, Handlers handlers)
      throws IOException {
    InetSocketAddress address = checked(self, bind);
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

  private static InetSocketAddress checked(PeerIdentity self, InetSocketAddress bind)
      throws IOException {
    InetAddress address = bind.getAddress();
    if (self.tls() == null && (address == null || !address.isLoopbackAddress())) {
      throw new IOException(
          "agents do not speak to each other on "
              + bind
              + " without TLS: set peers.tls.certificate, peers.tls.privateKey and peers.tls.ca, or"
              + " peers.bind: 127.0.0.1");
    }
    return bind;
  }

  private void accept(Channel channel, PeerIdentity self, Handlers handlers) {
    if (channels.size() >= MAX_CONNECTIONS) {
      LOG.warn("peer={} refused: {} connections", channel.remoteAddress(), channels.size());
      channel.close();
      return;
    }
    channels.add(channel);
    PeerPipeline.called(
        channel,
        self,
        refusals,
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
