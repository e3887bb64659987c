package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.backend.Backend;
import dev.baton.engine.postgres.login.BackendLogin;
import dev.baton.engine.postgres.wire.MessagePiece;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A session's connection to an instance: the last handler of its channel.
final class BackendChannel extends ChannelInboundHandlerAdapter implements BackendPort {
  private final Backend backend;
  private final BackendLogin login;
  private final BackendSource.Listener listener;
  private boolean closed;

  BackendChannel(Backend backend, BackendLogin login, BackendSource.Listener listener) {
    this.backend = backend;
    this.login = login;
    this.listener = listener;
  }

  Backend backend() {
    return backend;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closed) {
      ReferenceCountUtil.release(message);
      return;
    }
    switch (message) {
      case MessagePiece piece ->
          listener.piece(piece.type(), piece.content(), piece.isFirst(), piece.isLast());
      case ByteBuf whole -> listener.message(whole);
      default -> ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!closed) {
      listener.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!closed) {
      listener.writable(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!closed) {
      closed = true;
      listener.lost();
    }
  }

  /// A stream that cannot be read any more is a lost one.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public String host() {
    return backend.host();
  }

  @Override
  public long epoch() {
    return backend.epoch();
  }

  @Override
  public Map<String, String> parameters() {
    return backend.parameters();
  }

  @Override
  public void write(ByteBuf message) {
    Channel channel = backend.channel();
    channel.write(message, channel.voidPromise());
  }

  @Override
  public void flush() {
    backend.channel().flush();
  }

  @Override
  public void reading(boolean on) {
    backend.channel().config().setAutoRead(on);
  }

  @Override
  public void cancel() {
    cancelRequest();
  }

  CompletableFuture<Void> cancelRequest() {
    return login.cancel(backend.channel().eventLoop(), backend);
  }

  @Override
  public void close() {
    closed = true;
    backend.channel().close();
  }
}
