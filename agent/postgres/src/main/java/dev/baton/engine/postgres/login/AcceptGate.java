package dev.baton.engine.postgres.login;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bounds the connections that are before the end of their login. Stands in the listener's
/// pipeline.
///
/// At the bound no more are accepted, and those who come wait in the kernel's queue. Then the ones
/// that have kept this side waiting for [#PATIENCE_MILLIS] are sent away, the oldest first, one for
/// each that comes: a client with a password needs a few milliseconds, so whoever opens connections
/// and says nothing keeps the others out for seconds, not for the whole of the login's time-out. A
/// client that waits for the database is not sent away for that.
final class AcceptGate extends ChannelInboundHandlerAdapter {
  /// A client may be far away: it has this long for each of its packets.
  static final long PATIENCE_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(AcceptGate.class);
  private static final AttributeKey<Pass> PASS = AttributeKey.valueOf("baton.accept-gate");

  private final int max;
  private final AtomicInteger loggingIn = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();

  /// Those whose turn it is to speak, in the order in which it became their turn.
  private final ConcurrentSkipListMap<Long, Pass> awaited = new ConcurrentSkipListMap<>();

  /// Of the listener's loop.
  private long sentAway;

  private boolean looking;

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

  /// From now on it is the database that makes this client wait.
  static void waitsForDatabase(Channel client) {
    @Nullable Pass pass = client.attr(PASS).get();
    if (pass != null) {
      pass.othersTurn();
    }
  }

  /// It is this client's turn again, or it has taken a step.
  static void waitsForClient(Channel client) {
    @Nullable Pass pass = client.attr(PASS).get();
    if (pass != null) {
      pass.ownTurn();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof Channel client) {
      Pass pass = new Pass(ctx.channel(), client);
      client.attr(PASS).set(pass);
      loggingIn.incrementAndGet();
      pass.ownTurn();
      client.closeFuture().addListener(_ -> pass.leave());
      makeRoom(ctx);
    }
    ctx.fireChannelRead(msg);
  }

  /// On the listener's loop.
  private void makeRoom(ChannelHandlerContext ctx) {
    if (loggingIn.get() < max || sendOldestAway()) {
      return;
    }
    Channel listener = ctx.channel();
    listener.config().setAutoRead(false);
    if (loggingIn.get() < max) {
      // One left in between, on another loop, and has already let the next ones in.
      listener.config().setAutoRead(true);
    } else if (!looking) {
      looking = true;
      ctx.executor().schedule(() -> lookAgain(ctx), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void lookAgain(ChannelHandlerContext ctx) {
    looking = false;
    if (ctx.channel().isActive()) {
      makeRoom(ctx);
    }
  }

  private boolean sendOldestAway() {
    Map.Entry<Long, Pass> oldest = awaited.firstEntry();
    if (oldest == null || !oldest.getValue().isLate()) {
      return false;
    }
    Pass pass = oldest.getValue();
    sentAway++;
    if (Long.bitCount(sentAway) == 1) { // a flood must not fill the log
      LOG.warn(
          "{} clients are logging in: client={} was the oldest and is sent away, as {} before it",
          max,
          pass.client.remoteAddress(),
          sentAway - 1);
    }
    pass.leave();
    pass.client.close();
    return true;
  }

  private final class Pass {
    private final Channel listener;
    private final Channel client;
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile long turn;
    private volatile long sinceNanos;

    Pass(Channel listener, Channel client) {
      this.listener = listener;
      this.client = client;
    }

    void ownTurn() {
      awaited.remove(turn);
      sinceNanos = System.nanoTime();
      turn = numbers.incrementAndGet();
      awaited.put(turn, this);
      if (left.get()) {
        awaited.remove(turn);
      }
    }

    void othersTurn() {
      awaited.remove(turn);
    }

    boolean isLate() {
      return System.nanoTime() - sinceNanos >= TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    }

    void leave() {
      awaited.remove(turn);
      if (left.compareAndSet(false, true) && loggingIn.decrementAndGet() < max) {
        listener.config().setAutoRead(true);
      }
    }
  }
}
