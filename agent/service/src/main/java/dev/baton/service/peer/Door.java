package dev.baton.service.peer;

import dev.baton.net.BackendConnector;
import dev.baton.net.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way to instances. Those of this host are connected to directly, those of others through the
/// door of their agent; in both cases `DoorPolicy` decides on the instance's host. The handler gets
/// `channelActive` when bytes can be sent. Every method may be called from any thread.
public final class Door implements BackendConnector {
  private static final int CONNECT_TIMEOUT_MILLIS = 2000;

  private final PeerIdentity self;
  private final Transport transport;
  private final DoorPolicy policy;
  private final Instances instances;
  private final PeerDirectory directory;

  @FunctionalInterface
  public interface Instances {
    /// Where the instance of a service listens on this host; null when there is none.
    @Nullable InetSocketAddress address(String service);
  }

  public Door(
      PeerIdentity self,
      Transport transport,
      DoorPolicy policy,
      Instances instances,
      PeerDirectory directory) {
    this.self = self;
    this.transport = transport;
    this.policy = policy;
    this.instances = instances;
    this.directory = directory;
  }

  @Override
  public Future<Channel> connect(
      EventLoop loop,
      String service,
      String host,
      long epoch,
      Purpose purpose,
      ChannelHandler handler) {
    Way way = new Way(service, epoch, purpose);
    return host.equals(self.host())
        ? connectHere(loop, way, handler)
        : connectThere(loop, way, host, handler);
  }

  private record Way(String service, long epoch, Purpose purpose) {}

  private Future<Channel> connectHere(EventLoop loop, Way way, ChannelHandler handler) {
    Promise<Channel> connected = loop.newPromise();
    try {
      policy.check(way.service(), way.epoch(), way.purpose(), true);
      connectInstance(loop, way.service(), true)
          .addListener(
              (ChannelFuture done) -> {
                if (!done.isSuccess()) {
                  connected.setFailure(done.cause());
                  return;
                }
                Channel channel = done.channel();
                try {
                  policy.enter(way.service(), way.epoch(), way.purpose(), true, List.of(channel));
                } catch (DoorClosedException e) {
                  connected.setFailure(e);
                  return;
                }
                gate(channel, way);
                hand(channel, handler, connected);
              });
    } catch (DoorClosedException e) {
      connected.setFailure(e);
    }
    return connected;
  }

  /// What carries clients' work, or may come to.
  private void gate(Channel instance, Way way) {
    if (way.purpose() == Purpose.WORK || way.purpose() == Purpose.TWIN) {
      instance.pipeline().addLast(new LeaseGate(policy, way.service()));
    }
  }

  private static void hand(Channel channel, ChannelHandler handler, Promise<Channel> connected) {
    channel.pipeline().addLast(handler);
    channel.pipeline().fireChannelActive();
    if (!connected.trySuccess(channel)) {
      PeerPipeline.reset(channel);
    }
  }

  /// @throws DoorClosedException when this host has no such instance
  private ChannelFuture connectInstance(EventLoop loop, String service, boolean autoRead)
      throws DoorClosedException {
    InetSocketAddress address = instances.address(service);
    if (address == null) {
      throw new DoorClosedException("host " + self.host() + " has no instance of " + service);
    }
    return bootstrap(loop)
        .option(ChannelOption.AUTO_READ, autoRead)
        .handler(nothing())
        .connect(address);
  }

  private static ChannelHandler nothing() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {}
    };
  }

  private Bootstrap bootstrap(EventLoop loop) {
    return new Bootstrap()
        .group(loop)
        .channel(transport.socket())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
  }

  private Future<Channel> connectThere(
      EventLoop loop, Way way, String host, ChannelHandler handler) {
    Promise<Channel> connected = loop.newPromise();
    InetSocketAddress address = directory.address(host);
    if (address == null) {
      return connected.setFailure(
          new PeerException(PeerError.UNREACHABLE, "no address of host " + host + " is known"));
    }
    CallerHandshake.Outcome outcome =
        new CallerHandshake.Outcome() {
          @Override
          public void welcomed(ChannelHandlerContext context) {
            PeerPipeline.authenticated(context.pipeline(), new Caller(handler, connected));
            context.writeAndFlush(doorFrame(context, way));
          }

          @Override
          public void refused(Throwable reason) {
            connected.tryFailure(reason);
          }
        };
    bootstrap(loop)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                PeerPipeline.calling(
                    channel,
                    self,
                    host,
                    address,
                    new CallerHandshake(self, host, Connection.DOOR, outcome));
              }
            })
        .connect(address)
        .addListener(
            (ChannelFuture done) -> {
              if (!done.isSuccess()) {
                connected.tryFailure(done.cause());
              }
            });
    return connected;
  }

  private ByteBuf doorFrame(ChannelHandlerContext context, Way way) {
    ByteBuf frame = Frame.begin(context.alloc(), FrameType.DOOR, self.clusterHash(), way.epoch());
    Frame.writeText(frame, way.purpose().name());
    Frame.writeText(frame, way.service());
    return Frame.end(frame);
  }

  /// Waits for the other host's door.
  private static final class Caller extends SimpleChannelInboundHandler<Frame> {
    private final ChannelHandler handler;
    private final Promise<Channel> connected;

    Caller(ChannelHandler handler, Promise<Channel> connected) {
      this.handler = handler;
      this.connected = connected;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) throws PeerException {
      switch (frame.type()) {
        case DOOR_OPEN -> {
          Channel channel = context.channel();
          PeerPipeline.raw(channel.pipeline(), handler);
          channel.pipeline().fireChannelActive();
          if (!connected.trySuccess(channel)) {
            PeerPipeline.reset(channel);
          }
        }
        case ERROR -> {
          PeerException refusal = PeerPipeline.readError(frame);
          connected.tryFailure(
              refusal.error() == PeerError.DOOR_CLOSED
                  ? new DoorClosedException(String.valueOf(refusal.getMessage()))
                  : refusal);
          context.close();
        }
        default -> throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " at a door");
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      connected.tryFailure(
          new PeerException(PeerError.UNREACHABLE, "the connection ended at the door"));
      context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
      connected.tryFailure(thrown);
      context.close();
    }
  }

  /// The server's side of a door connection, on this host.
  ChannelHandler server() {
    return new Server();
  }

  private final class Server extends SimpleChannelInboundHandler<Frame> {
    private boolean asked;

    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) throws PeerException {
      if (frame.type() != FrameType.DOOR || asked) {
        throw new PeerException(PeerError.UNEXPECTED_FRAME, frame.type() + " at a door");
      }
      asked = true;
      Purpose purpose = purpose(Frame.readText(frame.payload()));
      Way way = new Way(Frame.readText(frame.payload()), frame.epoch(), purpose);
      Channel caller = context.channel();
      caller.config().setAutoRead(false);
      try {
        policy.check(way.service(), way.epoch(), way.purpose(), false);
        connectInstance(caller.eventLoop(), way.service(), false)
            .addListener((ChannelFuture done) -> connected(context, way, done));
      } catch (DoorClosedException e) {
        throw new PeerException(PeerError.DOOR_CLOSED, way.epoch(), String.valueOf(e.getMessage()));
      }
    }

    private static Purpose purpose(String name) throws PeerException {
      for (Purpose purpose : Purpose.values()) {
        if (purpose.name().equals(name)) {
          return purpose;
        }
      }
      throw new PeerException(PeerError.MALFORMED, "purpose '" + name + "' at a door");
    }

    private void connected(ChannelHandlerContext context, Way way, ChannelFuture done) {
      Channel caller = context.channel();
      if (!done.isSuccess()) {
        context
            .pipeline()
            .fireExceptionCaught(
                new PeerException(
                    PeerError.INSTANCE_UNREACHABLE,
                    way.service() + " on " + self.host() + ": " + done.cause()));
        return;
      }
      Channel instance = done.channel();
      try {
        policy.enter(way.service(), way.epoch(), way.purpose(), false, List.of(instance, caller));
      } catch (DoorClosedException e) {
        return; // both are reset
      }
      if (!caller.isActive()) {
        PeerPipeline.reset(instance);
        return;
      }
      caller.writeAndFlush(
          Frame.end(
              Frame.begin(caller.alloc(), FrameType.DOOR_OPEN, self.clusterHash(), way.epoch())));
      gate(instance, way);
      instance.pipeline().addLast(new Relay(caller));
      PeerPipeline.raw(caller.pipeline(), new Relay(instance));
      instance.config().setAutoRead(true);
      caller.config().setAutoRead(true);
    }
  }
}
