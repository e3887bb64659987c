package dev.baton.lab.fault;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A TCP way from one process to another, each direction of which can be stopped, as by a network
/// that drops everything there: nobody is told of it. What is on its way is kept and goes on when
/// the direction is open again, as by TCP's own repetition; so is the end of a connection. A new
/// connection comes about when both directions are open.
///
/// Over NIO and not epoll, since only a read may notice the end of a connection here.
public final class Wire implements AutoCloseable {
  private final InetSocketAddress target;
  private final Channel listener;
  private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
  private volatile boolean forth = true;
  private volatile boolean back = true;

  /// Listens on a free port of the loopback address at once.
  ///
  /// @param loops with NIO
  /// @throws IOException when there is no port
  public Wire(MultiThreadIoEventLoopGroup loops, InetSocketAddress target) throws IOException {
    this.target = target;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel near) {
                    new Passage(near).begin();
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("no port for a wire to " + target + ": " + bound.cause());
    }
    this.listener = bound.channel();
  }

  /// Where the near end is connected to.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Connections that use it now.
  public int connections() {
    return passages.size();
  }

  /// Opens or stops each direction; returns when no byte passes any more that should not.
  ///
  /// @param forth to the target
  /// @param back from the target
  public void pass(boolean forth, boolean back) {
    this.forth = forth;
    this.back = back;
    passages.forEach(each -> each.near.eventLoop().submit(each::update).awaitUninterruptibly());
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    passages.forEach(each -> each.near.close());
  }

  /// One connection. Confined to the near end's event loop.
  private final class Passage {
    private final Channel near;
    private @Nullable Channel far;
    private boolean connecting;

    Passage(Channel near) {
      this.near = near;
    }

    void begin() {
      passages.add(this);
      near.closeFuture().addListener(closed -> passages.remove(this));
      near.pipeline().addLast(new Side(() -> far));
      near.eventLoop().execute(this::update);
    }

    void update() {
      Channel other = far;
      if (other == null) {
        if (forth && back && !connecting) {
          connect();
        }
        return;
      }
      near.config().setAutoRead(forth && other.isWritable());
      other.config().setAutoRead(back && near.isWritable());
    }

    private void connect() {
      connecting = true;
      new Bootstrap()
          .group(near.eventLoop())
          .channel(NioSocketChannel.class)
          .option(ChannelOption.AUTO_READ, false)
          .option(ChannelOption.TCP_NODELAY, true)
          .handler(new Side(() -> near))
          .connect(target)
          .addListener(
              (ChannelFuture done) -> {
                if (done.isSuccess() && near.isActive()) {
                  far = done.channel();
                  update();
                } else { // refused, as the target itself would do it
                  done.channel().close();
                  near.config().setOption(ChannelOption.SO_LINGER, 0);
                  near.close();
                }
              });
    }

    /// Passes on what comes in at one end.
    private final class Side extends ChannelInboundHandlerAdapter {
      private final Supplier<@Nullable Channel> other;

      Side(Supplier<@Nullable Channel> other) {
        this.other = other;
      }

      @Override
      public void channelRead(ChannelHandlerContext from, Object bytes) {
        Channel to = other.get();
        if (to == null) {
          throw new IllegalStateException("read before it was connected");
        }
        to.write(bytes);
      }

      @Override
      public void channelReadComplete(ChannelHandlerContext from) {
        Channel to = other.get();
        if (to != null) {
          to.flush();
        }
      }

      @Override
      public void channelWritabilityChanged(ChannelHandlerContext of) {
        update();
      }

      @Override
      public void channelInactive(ChannelHandlerContext ended) {
        Channel to = other.get();
        if (to != null && to.isActive()) {
          to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext at, Throwable broken) {
        at.close();
      }
    }
  }
}
