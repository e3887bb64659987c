package dev.baton.service.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a service manager hears at its socket.
class SupervisorNoticesTest {
  private static final long BOUND_SECONDS = 20;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
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
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
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
    return heard.poll(BOUND_SECONDS, TimeUnit.SECONDS);
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
    try (SupervisorNotices notices = withWatchdog()) {
      notices.beat(timer, List.of(Runnable::run));
      assertThat(next()).isEqualTo("WATCHDOG=1");
      assertThat(next()).isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void isSilentWhileOneThreadHangs() throws Exception {
    Queue<Runnable> hung = new ArrayDeque<>();
    try (SupervisorNotices notices = withWatchdog()) {
      notices.beat(timer, List.of(Runnable::run, task -> later(hung, task)));
      assertThat(next()).as("nobody hangs yet").isEqualTo("WATCHDOG=1");
      assertThat(heard.poll(300, TimeUnit.MILLISECONDS)).as("one hangs").isNull();
      synchronized (hung) {
        hung.remove().run();
      }
      assertThat(next()).as("it is back").isEqualTo("WATCHDOG=1");
    }
  }

  @Test
  void saysNothingAfterItHasSaidThatItStops() throws Exception {
    try (SupervisorNotices notices = withWatchdog()) {
      notices.beat(timer, List.of(Runnable::run));
      assertThat(next()).isEqualTo("WATCHDOG=1");
    }
    String last = next();
    while ("WATCHDOG=1".equals(last)) {
      last = next();
    }
    assertThat(last).isEqualTo("STOPPING=1");
    heard.poll(100, TimeUnit.MILLISECONDS); // one beat may have been under way
    assertThat(heard.poll(300, TimeUnit.MILLISECONDS)).isNull();
  }

  private SupervisorNotices withWatchdog() {
    String path = folder.resolve("notify").toString();
    listen(path);
    return SupervisorNotices.open(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "20000"));
  }

  private static void later(Queue<Runnable> hung, Runnable task) {
    synchronized (hung) {
      hung.add(task);
    }
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
