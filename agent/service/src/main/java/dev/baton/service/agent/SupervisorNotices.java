package dev.baton.service.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a service manager is told in the manner of sd_notify(3): ready, alive, stopping. Without
/// `NOTIFY_SOCKET` in the environment, nothing. The socket has a thread of its own, so that an
/// agent whose threads all hang cannot say that it is alive by accident.
final class SupervisorNotices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisorNotices.class);
  private static final int SEND_BOUND_MILLIS = 500;

  private final @Nullable EventLoopGroup group;
  private final @Nullable Channel socket;
  private final long beatMicros;
  private final AtomicInteger unanswered = new AtomicInteger();
  private volatile boolean stops;

  private SupervisorNotices(
      @Nullable EventLoopGroup group, @Nullable Channel socket, long beatMicros) {
    this.group = group;
    this.socket = socket;
    this.beatMicros = beatMicros;
  }

  /// @param environment of the process: `NOTIFY_SOCKET`, `WATCHDOG_USEC`
  static SupervisorNotices open(Map<String, String> environment) {
    String path = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (path.isEmpty()) {
      return new SupervisorNotices(null, null, 0);
    }
    if (!Epoll.isAvailable()) {
      LOG.warn("the service manager is not told that this agent is ready: no epoll here");
      return new SupervisorNotices(null, null, 0);
    }
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("notices", true), EpollIoHandler.newFactory());
    // a name that begins with @ is one of the abstract namespace, whose first byte is 0
    String name = path.startsWith("@") ? "\0" + path.substring(1) : path;
    Channel socket =
        new Bootstrap()
            .group(group)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new DomainSocketAddress(name))
            .awaitUninterruptibly()
            .channel();
    if (!socket.isActive()) {
      LOG.warn("the service manager is not told that this agent is ready: no socket at {}", path);
    }
    return new SupervisorNotices(group, socket, micros(environment) / 2);
  }

  private static long micros(Map<String, String> environment) {
    try {
      return Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
    } catch (NumberFormatException e) {
      LOG.warn("WATCHDOG_USEC={} is no number; no watchdog", environment.get("WATCHDOG_USEC"));
      return 0;
    }
  }

  void ready(String status) {
    send("READY=1\nSTATUS=" + status);
  }

  /// Says at half the watchdog's interval that the agent is alive, as long as each of these threads
  /// has answered since the last time: one that hangs must not go unnoticed because another ticks.
  void beat(ScheduledExecutorService timer, List<Executor> threads) {
    if (socket != null && beatMicros > 0) {
      timer.scheduleAtFixedRate(
          () -> beatOnce(threads), beatMicros, beatMicros, TimeUnit.MICROSECONDS);
    }
  }

  private void beatOnce(List<Executor> threads) {
    if (stops || unanswered.get() > 0) {
      return; // whoever has not answered the last question is not asked another
    }
    send("WATCHDOG=1");
    unanswered.set(threads.size());
    threads.forEach(this::ask);
  }

  private void ask(Executor thread) {
    try {
      thread.execute(unanswered::decrementAndGet);
    } catch (RejectedExecutionException e) {
      unanswered.decrementAndGet(); // it has ended, and has said so itself: that is no hang
    }
  }

  private void send(String text) {
    if (socket != null) {
      socket.writeAndFlush(Unpooled.copiedBuffer(text, UTF_8));
    }
  }

  @Override
  public void close() {
    stops = true;
    if (socket != null && group != null) {
      socket
          .writeAndFlush(Unpooled.copiedBuffer("STOPPING=1", UTF_8))
          .awaitUninterruptibly(SEND_BOUND_MILLIS);
      group.shutdownGracefully(0, SEND_BOUND_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
