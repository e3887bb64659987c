package dev.baton.service.peer;

import dev.baton.net.BackendConnector.Purpose;
import dev.baton.net.Transport;
import dev.baton.service.tls.HostIdentity;
import dev.baton.service.tls.MutualTls;
import dev.baton.service.tls.TestAuthority;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Agents of one process on real sockets, each with an instance that echoes what it gets.
final class Agents implements AutoCloseable {
  /// Nobody counts as silent, and no call as unanswered, because a machine is busy.
  PeerTimings timings = new PeerTimings(20, 60_000, 60_000, 10);

  final Transport transport = Transport.open(2);
  final Map<String, InetSocketAddress> addresses = new ConcurrentHashMap<>();
  private final Map<String, Agent> agents = new HashMap<>();
  private final List<Runnable> opened = new ArrayList<>();
  private final boolean certified;

  /// In plain text.
  Agents() {
    this(false);
  }

  /// @param certified whether the agents speak TLS
  Agents(boolean certified) {
    this.certified = certified;
  }

  /// @param instance what listens where the host's database would
  record Agent(PeerNetwork network, Door door, DoorPolicy policy, Instance instance) {}

  static final class Instance implements AutoCloseable {
    final List<Channel> connections = new CopyOnWriteArrayList<>();
    private final Channel listener;

    Instance(Transport transport, @Nullable ChannelHandler sharable) {
      listener =
          new ServerBootstrap()
              .group(transport.group())
              .channel(transport.serverSocket())
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      connections.add(channel);
                      channel.pipeline().addLast(sharable == null ? new Echo() : sharable);
                    }
                  })
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .syncUninterruptibly()
              .channel();
    }

    InetSocketAddress address() {
      return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
      listener.close().awaitUninterruptibly();
      connections.forEach(Channel::close);
    }
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      context.writeAndFlush(bytes);
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  Agent agent(String host) throws IOException {
    return agent(host, "secret", null);
  }

  Agent agent(String host, String secret, @Nullable ChannelHandler instanceHandler)
      throws IOException {
    MutualTls tls =
        certified
            ? MutualTls.open(
                new HostIdentity("test", host), TestAuthority.named("ours").files("test", host))
            : null;
    return agent(new PeerIdentity("test", host, secret, tls), instanceHandler);
  }

  Agent agent(PeerIdentity self, @Nullable ChannelHandler instanceHandler) throws IOException {
    String host = self.host();
    DoorPolicy policy = new DoorPolicy();
    Instance instance = new Instance(transport, instanceHandler);
    Door door =
        new Door(
            self,
            transport,
            policy,
            service -> service.equals("app") ? instance.address() : null,
            addresses::get);
    PeerNetwork network =
        new PeerNetwork(
            self,
            transport,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            addresses::get,
            timings,
            door,
            agents.size() + 1L);
    addresses.put(host, network.address());
    opened.add(network::close);
    opened.add(instance::close);
    Agent agent = new Agent(network, door, policy, instance);
    agents.put(host, agent);
    return agent;
  }

  static EnumSet<Purpose> all() {
    return EnumSet.of(Purpose.TWIN, Purpose.REPLICATION, Purpose.ADMIN);
  }

  @Override
  public void close() {
    opened.reversed().forEach(Runnable::run);
    transport.close();
  }
}
