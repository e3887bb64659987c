package dev.baton.engine.postgres.login;

import dev.baton.engine.postgres.backend.Backend;
import dev.baton.engine.postgres.backend.BackendHandshake;
import dev.baton.engine.postgres.scram.Credential;
import dev.baton.engine.postgres.scram.ScramClient;
import dev.baton.engine.postgres.wire.StartupPacket;
import dev.baton.net.BackendConnector;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Opens backends of one service for clients that are logged in, on any host and at any time later,
/// and cancels what they run.
public final class BackendLogin {
  /// A server closes a cancel connection when it has sent the signal; it is not waited for longer.
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(5);

  private final String service;
  private final BackendConnector connector;
  private final int wholeBytes;
  private final Duration timeout;

  /// @param wholeBytes bound of the backends' `MessageDecoder`
  /// @param timeout from connecting to ReadyForQuery
  public BackendLogin(
      String service, BackendConnector connector, int wholeBytes, Duration timeout) {
    this.service = service;
    this.connector = connector;
    this.wholeBytes = wholeBytes;
    this.timeout = timeout;
  }

  /// Opens a backend on `loop`. The future completes on `loop`; the callback that takes the backend
  /// adds its handler then and there. Fails with `BackendRefused` (the server's own error, to be
  /// passed on to the client), `BackendConnector.DoorClosedException`, or another `IOException`.
  ///
  /// @param purpose `WORK` or `TWIN`
  /// @param parameters of the start-up packet, [LoggedInClient#parameters()] or a variation of them
  public CompletableFuture<Backend> open(
      EventLoop loop,
      BackendConnector.Purpose purpose,
      String host,
      long epoch,
      Map<String, String> parameters,
      Credential credential) {
    BackendHandshake handshake =
        new BackendHandshake(
            host, epoch, parameters, ScramClient.of(credential), wholeBytes, timeout);
    connector
        .connect(loop, service, host, epoch, purpose, handshake)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                loop.execute(() -> handshake.result().completeExceptionally(connected.cause()));
              }
            });
    return handshake.result();
  }

  /// Asks the instance to cancel what `backend` runs, over a connection of its own. Completes when
  /// the server has closed it, after which the signal was sent; whether there was anything to
  /// cancel is never told.
  public CompletableFuture<Void> cancel(EventLoop loop, Backend backend) {
    CancelSender sender = new CancelSender(backend);
    connector
        .connect(
            loop, service, backend.host(), backend.epoch(), BackendConnector.Purpose.WORK, sender)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                sender.done.completeExceptionally(connected.cause());
              }
            });
    return sender.done;
  }

  private static final class CancelSender extends ChannelInboundHandlerAdapter {
    private final Backend backend;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean sent;

    CancelSender(Backend backend) {
      this.backend = backend;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      if (ctx.channel().isActive()) {
        send(ctx);
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
      if (sent) {
        return;
      }
      sent = true;
      ByteBuf out = ctx.alloc().buffer();
      StartupPacket.writeCancelRequest(out, backend.processId(), backend.cancelKey());
      ctx.writeAndFlush(out);
      ctx.executor()
          .schedule(
              () -> {
                done.completeExceptionally(
                    new IOException("cancel request not taken by " + backend.host()));
                ctx.close();
              },
              CANCEL_TIMEOUT.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      done.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      done.completeExceptionally(cause);
      ctx.close();
    }
  }
}
