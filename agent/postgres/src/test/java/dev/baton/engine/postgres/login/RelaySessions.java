package dev.baton.engine.postgres.login;

import dev.baton.core.route.Route;
import dev.baton.core.route.RouteState;
import dev.baton.engine.postgres.backend.Backend;
import dev.baton.engine.postgres.backend.BackendRefused;
import dev.baton.engine.postgres.wire.Authentication;
import dev.baton.engine.postgres.wire.BackendMessages;
import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.TransactionStatus;
import dev.baton.model.view.SessionView;
import dev.baton.net.BackendConnector.Purpose;
import dev.baton.net.ClientLatency;
import dev.baton.net.Front;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The simplest sessions there can be: each message goes to one backend, each answer back.
final class RelaySessions implements SessionFactory {
  final List<LoggedInClient> opened = new CopyOnWriteArrayList<>();
  final CancelRegistry cancels = new CancelRegistry();
  private final BackendLogin backends;
  private final Route route;

  RelaySessions(BackendLogin backends, Route route) {
    this.backends = backends;
    this.route = route;
  }

  @Override
  public void open(LoggedInClient client) {
    opened.add(client);
    Relay toBackend = new Relay();
    client.channel().pipeline().addLast("session", toBackend);
    client.channel().config().setAutoRead(false);
    RouteState.Open open = (RouteState.Open) route.state();
    backends
        .open(
            client.channel().eventLoop(),
            Purpose.WORK,
            open.home(),
            open.epoch(),
            client.parameters(),
            client.credential())
        .whenComplete(
            (backend, failure) -> {
              if (failure == null) {
                join(client, toBackend, backend);
              } else {
                refuse(client.channel(), failure);
              }
            });
  }

  private void join(LoggedInClient client, Relay toBackend, Backend backend) {
    Relay toClient = new Relay();
    backend.channel().pipeline().addLast("session", toClient);
    CancelRegistry.Registration registration =
        cancels.register(
            backend.processId(),
            client.cancelKeyBytes(),
            () -> backends.cancel(client.channel().eventLoop(), backend));
    client.channel().closeFuture().addListener(_ -> registration.close());
    ByteBuf out = client.channel().alloc().buffer();
    new Authentication.Ok().write(out);
    backend
        .parameters()
        .forEach((name, value) -> BackendMessages.parameterStatus(out, name, value));
    BackendMessages.backendKeyData(out, registration.processId(), registration.key());
    BackendMessages.readyForQuery(out, TransactionStatus.IDLE);
    client.channel().writeAndFlush(out);
    toClient.join(client.channel());
    toBackend.join(backend.channel());
    client.channel().config().setAutoRead(true);
  }

  private static void refuse(Channel client, Throwable failure) {
    ErrorFields error =
        failure instanceof BackendRefused refused
            ? refused.fields()
            : ErrorFields.fatal("08006", String.valueOf(failure));
    ByteBuf out = client.alloc().buffer();
    error.writeError(out);
    client.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public List<SessionView> sessions() {
    return List.of();
  }

  @Override
  public Front.Counters counters() {
    return new Front.Counters(opened.size(), 0, 0, 0, 0, 0, 0, 0);
  }

  @Override
  public ClientLatency latency() {
    return new ClientLatency();
  }

  @Override
  public Front.MoveTally tally(long epoch) {
    return new Front.MoveTally(epoch, 0, 0, 0, 0, 0, 0, 0);
  }

  @Override
  public boolean disconnect(String sessionId) {
    return false;
  }

  @Override
  public void close() {
    opened.forEach(client -> client.channel().close());
  }

  private static final class Relay extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Channel> target = new CompletableFuture<>();
    private @Nullable Channel joined;

    void join(Channel channel) {
      joined = channel;
      target.complete(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ByteBuf bytes = msg instanceof ByteBufHolder piece ? piece.content() : (ByteBuf) msg;
      target.thenAccept(channel -> channel.writeAndFlush(bytes));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      Channel other = joined;
      if (other != null) {
        other.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
