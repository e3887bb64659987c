package dev.baton.service.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.testing.Await;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a service manager hears at its socket.
class SupervisorNoticesTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final HandTimer timer = new HandTimer();
  private EventLoopGroup group;

  @TempDir private Path folder;

  @BeforeEach
  void open() {
    assumeTrue(Epoll.isAvailable(), "there is no epoll here, and so no systemd");
    group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  @AfterEach
  void close() {
    timer.shutdownNow();
    if (group != null) {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private void listen(String name) {
    Channel bound =
        new Bootstrap()
            .group(group)
            .channel(EpollDomainDatagramChannel.class)
            .handler(
                new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                  @Override
                  protected void channelRead0(
                      ChannelHandlerContext context, DomainDatagramPacket packet) {
                    heard.add(packet.content().toString(UTF_8));
                  }
                })
            .bind(new DomainSocketAddress(name))
            .awaitUninterruptibly()
            .channel();
    assertThat(bound.isActive()).isTrue();
  }

  private String next() throws InterruptedException {
    return Await.next(heard);
  }

  /// Beats when the test says so.
  private static final class HandTimer extends ScheduledThreadPoolExecutor {
    private Runnable task = () -> {};

    HandTimer() {
      super(0);
    }

    void beat() {
      task.run();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable command, long initialDelay, long period, TimeUnit unit) {
      task = command;
      return schedule(() -> {}, 0, unit);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysWhenItIsReadyAndWhenItStops(boolean inTheAbstractNamespace) throws Exception {
    String path = folder.resolve("notify").toString();
    listen(inTheAbstractNamespace ? "\0" + path : path);
    Map<String, String> environment =
        Map.of("NOTIFY_SOCKET", inTheAbstractNamespace ? "@" + path : path);
    try (SupervisorNotices notices = SupervisorNotices.open(environment)) {
      notices.ready("host a");
      assertThat(next()).isEqualTo("READY=1\nSTATUS=host a");
    }
    assertThat(next()).isEqualTo("STOPPING=1");
  }

  @Test
  void isAliveWhileEveryThreadAnswers() throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (SupervisorNotices notices = withWatchdog()) {
      notices.beat(clock, List.of(Runnable::run));
      assertThat(next()).isEqualTo("WATCHDOG=1");
      assertThat(next()).isEqualTo("WATCHDOG=1");
    } finally {
      clock.shutdownNow();
    }
  }

  /// What is heard next after beats that are not to be heard.
  @Test
  void isSilentWhileOneThreadHangs() throws Exception {
    Queue<Runnable> hung = new ArrayDeque<>();
    try (SupervisorNotices notices = withWatchdog()) {
      notices.beat(timer, List.of(Runnable::run, hung::add));
      timer.beat();
      assertThat(next()).as("nobody hangs yet").isEqualTo("WATCHDOG=1");
      timer.beat();
      timer.beat();
      notices.ready("one hangs");
      assertThat(next()).isEqualTo("READY=1\nSTATUS=one hangs");
      hung.remove().run();
      timer.beat();
      assertThat(next()).as("it is back").isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void saysNothingAfterItHasSaidThatItStops() throws Exception {
    try (SupervisorNotices notices = withWatchdog()) {
      notices.beat(timer, List.of(Runnable::run));
      timer.beat();
      assertThat(next()).isEqualTo("WATCHDOG=1");
    }
    timer.beat();
    assertThat(next()).isEqualTo("STOPPING=1");
    try (SupervisorNotices another = SupervisorNotices.open(environment())) {
      another.ready("the next");
      assertThat(next()).isEqualTo("READY=1\nSTATUS=the next");
    }
  }

  private SupervisorNotices withWatchdog() {
    listen(folder.resolve("notify").toString());
    return SupervisorNotices.open(environment());
  }

  private Map<String, String> environment() {
    return Map.of("NOTIFY_SOCKET", folder.resolve("notify").toString(), "WATCHDOG_USEC", "20000");
  }

  @Test
  void isSilentWithoutAServiceManager() {
    try (SupervisorNotices notices = SupervisorNotices.open(Map.of())) {
      notices.ready("host a");
      notices.beat(timer, List.of());
    }
    assertThat(heard).isEmpty();
  }
}
