package dev.baton.engine.postgres.login;

import dev.baton.net.BackendConnector;
import dev.baton.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Straight to servers on the loopback address, by the names of their hosts.
final class DirectConnector implements BackendConnector {
  private final Transport transport;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();

  DirectConnector(Transport transport) {
    this.transport = transport;
  }

  void host(String name, int port) {
    ports.put(name, port);
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
        .handler(handler)
        .connect(new InetSocketAddress("127.0.0.1", ports.getOrDefault(host, 1)))
        .addListener(
            (io.netty.channel.ChannelFuture done) -> {
              if (done.isSuccess()) {
                connected.setSuccess(done.channel());
              } else {
                connected.setFailure(done.cause());
              }
            });
    return connected;
  }
}
