package dev.baton.engine.postgres.login;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Stops accepting while too many connections are before the end of their login, and goes on when
/// one of them is through or gone. Stands in the listener's pipeline.
final class AcceptGate extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Pass> PASS = AttributeKey.valueOf("baton.accept-gate");

  private final int max;
  private final AtomicInteger loggingIn = new AtomicInteger();

  /// @param max connections before the end of their login at one time
  AcceptGate(int max) {
    this.max = max;
  }

  /// The client of this channel is logged in and counts no longer.
  static void loggedIn(Channel client) {
    @Nullable Pass pass = client.attr(PASS).get();
    if (pass != null) {
      pass.leave();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof Channel client) {
      enter(ctx.channel(), client);
    }
    ctx.fireChannelRead(msg);
  }

  private void enter(Channel listener, Channel client) {
    Pass pass = new Pass(listener);
    client.attr(PASS).set(pass);
    client.closeFuture().addListener(_ -> pass.leave());
    if (loggingIn.incrementAndGet() >= max) {
      listener.config().setAutoRead(false);
      if (loggingIn.get() < max) {
        // One left in between, on another loop, and has already let the next ones in.
        listener.config().setAutoRead(true);
      }
    }
  }

  private final class Pass {
    private final Channel listener;
    private final AtomicBoolean left = new AtomicBoolean();

    Pass(Channel listener) {
      this.listener = listener;
    }

    void leave() {
      if (left.compareAndSet(false, true) && loggingIn.decrementAndGet() < max) {
        listener.config().setAutoRead(true);
      }
    }
  }
}
