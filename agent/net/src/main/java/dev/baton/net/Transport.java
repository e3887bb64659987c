package dev.baton.net;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/// The event loops of one process and the kinds of channel that go with them: epoll where there is
/// one, NIO elsewhere.
public final class Transport implements AutoCloseable {
  private final String name;
  private final MultiThreadIoEventLoopGroup group;
  private final Class<? extends Channel> socket;
  private final Class<? extends ServerChannel> serverSocket;
  private final Class<? extends Channel> domainSocket;

  private Transport(
      String name,
      int threads,
      IoHandlerFactory handler,
      Class<? extends Channel> socket,
      Class<? extends ServerChannel> serverSocket,
      Class<? extends Channel> domainSocket) {
    this.name = name;
    this.group =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("loop", true), handler);
    this.socket = socket;
    this.serverSocket = serverSocket;
    this.domainSocket = domainSocket;
  }

  /// @param threads number of event loops, at least 1
  public static Transport open(int threads) {
    if (Epoll.isAvailable()) {
      return new Transport(
          "epoll",
          threads,
          EpollIoHandler.newFactory(),
          EpollSocketChannel.class,
          EpollServerSocketChannel.class,
          EpollDomainSocketChannel.class);
    }
    return new Transport(
        "nio",
        threads,
        NioIoHandler.newFactory(),
        NioSocketChannel.class,
        NioServerSocketChannel.class,
        NioDomainSocketChannel.class);
  }

  /// `epoll` or `nio`.
  public String name() {
    return name;
  }

  public MultiThreadIoEventLoopGroup group() {
    return group;
  }

  public Class<? extends Channel> socket() {
    return socket;
  }

  public Class<? extends ServerChannel> serverSocket() {
    return serverSocket;
  }

  public Class<? extends Channel> domainSocket() {
    return domainSocket;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, java.util.concurrent.TimeUnit.SECONDS);
  }
}
