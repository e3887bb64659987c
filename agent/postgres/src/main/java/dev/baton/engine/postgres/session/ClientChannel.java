package dev.baton.engine.postgres.session;

import dev.baton.engine.postgres.wire.ErrorFields;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.MessagePiece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client's end of a session: the last handler of its channel.
final class ClientChannel extends ChannelInboundHandlerAdapter implements ClientPort {
  private static final Logger LOG = LoggerFactory.getLogger(ClientChannel.class);

  private final Channel channel;
  private final SessionCore core;

  private boolean dirty;

  /// @param session makes the core, which needs this port
  ClientChannel(Channel channel, java.util.function.Function<ClientPort, SessionCore> session) {
    this.channel = channel;
    this.core = session.apply(this);
  }

  SessionCore core() {
    return core;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    switch (message) {
      case MessagePiece piece ->
          core.clientPiece(piece.type(), piece.content(), piece.isFirst(), piece.isLast());
      case ByteBuf whole -> core.clientMessage(whole);
      default -> ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    core.clientReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    core.clientWritable(ctx.channel().isWritable());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    core.clientGone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    switch (cause) {
      case MalformedMessage malformed ->
          core.close(
              malformed.kind() == MalformedMessage.Kind.LENGTH
                  ? null
                  : ErrorFields.fatal("08P01", String.valueOf(malformed.getMessage())));
      case IOException _ -> core.clientGone();
      default -> {
        LOG.error("session {}: closed by a defect", core.number(), cause);
        core.close(ErrorFields.fatal("XX000", "internal error of the agent"));
      }
    }
  }

  @Override
  public void write(ByteBuf message) {
    dirty = true;
    channel.write(message, channel.voidPromise());
  }

  @Override
  public void flush() {
    if (dirty) {
      dirty = false;
      channel.flush();
    }
  }

  @Override
  public void reading(boolean on) {
    channel.config().setAutoRead(on);
  }

  @Override
  public void close() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }
}
