package dev.baton.engine.postgres.session;

import dev.baton.net.BackendConnector;
import dev.baton.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Straight to servers on the loopback address, by the names of their hosts. Remembers the channels
/// that carry work, so that a test can cut them.
final class PortConnector implements BackendConnector {
  private final Transport transport;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final Set<Channel> work = ConcurrentHashMap.newKeySet();

  PortConnector(Transport transport) {
    this.transport = transport;
  }

  void host(String name, int port) {
    ports.put(name, port);
  }

  /// Ends every connection to `host` that carries work.
  void cut(String host) {
    int port = ports.getOrDefault(host, 1);
    for (Channel channel : work) {
      if (channel.remoteAddress() instanceof InetSocketAddress address
          && address.getPort() == port) {
        channel.close();
      }
    }
  }

  /// From now on each connection that carries work now may be cut there.
  void arm(CutPoint point) {
    for (Channel channel : work) {
      channel.eventLoop().submit(() -> channel.pipeline().addFirst(point)).syncUninterruptibly();
    }
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
    new Bootstrap()
        .group(loop)
        .channel(transport.socket())
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(handler)
        .connect(new InetSocketAddress("127.0.0.1", ports.getOrDefault(host, 1)))
        .addListener(
            (io.netty.channel.ChannelFuture done) -> {
              if (!done.isSuccess()) {
                connected.setFailure(done.cause());
                return;
              }
              if (purpose == Purpose.WORK || purpose == Purpose.TWIN) {
                work.add(done.channel());
                done.channel().closeFuture().addListener(_ -> work.remove(done.channel()));
              }
              connected.setSuccess(done.channel());
            });
    return connected;
  }
}
