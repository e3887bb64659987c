package dev.baton.engine.postgres.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/// Cuts a connection to a server at one point of what goes over it: each batch that is sent and
/// each chunk that comes in is a point. Counts over all channels it is added to.
@ChannelHandler.Sharable
final class CutPoint extends ChannelDuplexHandler {
  enum How {
    /// Nothing of it gets through.
    BEFORE,
    /// The first half of what comes in does; what is sent gets through as a whole.
    WITHIN,
    /// All of it does, and nothing after it.
    AFTER
  }

  private int at;
  private final How how;
  private final Runnable then;
  private int seen;
  private boolean done;

  /// @param at which point, from 1
  /// @param then run once the connection is cut
  CutPoint(int at, How how, Runnable then) {
    this.at = at;
    this.how = how;
    this.then = then;
  }

  synchronized boolean isDone() {
    return done;
  }

  /// What has not been cut by now never is.
  synchronized void disarm() {
    at = 0;
  }

  private synchronized boolean isIt() {
    if (done || ++seen != at) {
      return false;
    }
    done = true;
    return true;
  }

  private void cut(ChannelHandlerContext ctx) {
    ctx.close();
    then.run();
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!isIt()) {
      ctx.flush();
    } else if (how == How.BEFORE) {
      cut(ctx);
    } else {
      ctx.flush();
      cut(ctx);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!isIt()) {
      ctx.fireChannelRead(message);
      return;
    }
    ByteBuf bytes = (ByteBuf) message;
    switch (how) {
      case BEFORE -> bytes.release();
      case WITHIN ->
          ctx.fireChannelRead(bytes.writerIndex(bytes.readerIndex() + bytes.readableBytes() / 2));
      case AFTER -> ctx.fireChannelRead(bytes);
    }
    ctx.fireChannelReadComplete();
    cut(ctx);
  }
}
