package dev.baton.service.peer;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Passes the bytes of one channel on to another of the same event loop, as they are. Reads only
/// while the other one can take them, so that a slow side slows the fast one and no more than a
/// socket's worth is held here.
final class Relay extends ChannelInboundHandlerAdapter {
  private final Channel to;

  Relay(Channel to) {
    this.to = to;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    to.write(bytes);
    if (!to.isWritable()) {
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    to.flush();
  }

  /// This side can take more, so the other one may be read again.
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      to.config().setAutoRead(true);
    } else {
      context.flush();
    }
    context.fireChannelWritabilityChanged();
  }

  /// What was said before the end is still passed on.
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (to.isActive()) {
      to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// A reset on one side is a reset on the other: a broken stream must not look like an orderly
  /// end.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
    PeerPipeline.reset(context.channel());
    PeerPipeline.reset(to);
  }
}
