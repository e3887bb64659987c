package dev.baton.engine.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.baton.core.memory.MemoryBounds;
import dev.baton.core.memory.ServiceMemory;
import dev.baton.engine.postgres.scram.ScramVerifier;
import dev.baton.engine.postgres.wire.Direction;
import dev.baton.engine.postgres.wire.FrontendType;
import dev.baton.engine.postgres.wire.MessageDecoder;
import dev.baton.model.LogPosition;
import dev.baton.net.BackendConnector;
import dev.baton.net.Engine.InstanceSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// What a home, or whoever answers in its place, and what a receiver, or whoever comes to the
/// relay's port, may send: nothing escapes as an exception, everything that is sent back is
/// well-formed, and nothing is acknowledged that the memory does not have. The first byte says into
/// how large reads the rest is cut.
class ReplicationFuzzTest {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final LogPosition START = LogPosition.of(SEGMENT_BYTES);
  private static final MemoryBounds BOUNDS = new MemoryBounds(1 << 20, 0, 1 << 10, 16 << 10);
  private static final InstanceSettings SETTINGS =
      new InstanceSettings(
          "test",
          "b",
          Path.of("nowhere"),
          1,
          1,
          "baton",
          "secret",
          InstanceSettings.LOG_KEEP_BYTES);

  /// The home's side of a connection: login, identity, history, log.
  @FuzzTest
  void home(byte[] input) {
    try (Fixture fixture = new Fixture()) {
      WalCapture capture =
          new WalCapture(
              fixture.memory, fixture.channel.eventLoop(), fixture.upstream, fixture.link, "b");
      capture.start(1, "a", START);
      fixture.feed(input, bytes -> fixture.channel.writeInbound(bytes));
      fixture.channel.runPendingTasks();
      LogPosition end = fixture.memory.log().end();
      assertThat(end).isGreaterThanOrEqualTo(LogPosition.ZERO);
      assertThat(end.bytesSince(fixture.memory.log().start())).isLessThan(input.length + 1L);
      fixture.checkSent(
          Direction.FROM_CLIENT,
          message -> {
            if (message.getByte(0) == FrontendType.COPY_DATA
                && message.getByte(5) == ReplicationMessages.STATUS) {
              LogPosition flushed = LogPosition.of(message.getLong(6 + Long.BYTES));
              assertThat(flushed).isLessThanOrEqualTo(end);
            }
          });
      capture.stop();
    }
  }

  /// A receiver that is logged in.
  @FuzzTest
  void receiver(byte[] input) {
    try (Fixture fixture = new Fixture()) {
      fixture.link.met(1, "a", identity());
      fixture.memory.log().reset(START);
      fixture.memory.log().append(START, java.nio.ByteBuffer.wrap(new byte[1000]));
      Sessions owner = new Sessions();
      RelaySession session = new RelaySession(fixture.link, fixture.memory.log(), owner);
      fixture
          .channel
          .pipeline()
          .addLast(new MessageDecoder(Direction.FROM_CLIENT, 1 << 16), session);
      fixture.feed(input, bytes -> fixture.channel.writeInbound(bytes));
      fixture.channel.runPendingTasks();
      fixture.checkSent(Direction.FROM_SERVER, message -> {});
      fixture.channel.close();
      assertThat(owner.gone).isTrue();
    }
  }

  /// Whoever comes to the relay's port. Nobody gets in without the password.
  @FuzzTest
  void stranger(byte[] input) {
    try (Fixture fixture = new Fixture()) {
      ScramVerifier verifier = ScramVerifier.of("secret", new byte[16], 1);
      RelayLogin login =
          new RelayLogin(
              "baton",
              verifier,
              Map.of(),
              () -> {
                throw new AssertionError("let in");
              });
      fixture.channel.pipeline().addLast(login);
      fixture.feed(input, bytes -> fixture.channel.writeInbound(bytes));
      fixture.channel.runPendingTasks();
      fixture.channel.close();
    }
  }

  /// Texts within messages: commands, history files, sizes.
  @FuzzTest
  void texts(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    RelayCommand.parse(text)
        .ifPresent(command -> assertThat(command.toString()).doesNotContain("-"));
    try {
      TimelineHistory history = TimelineHistory.parse(7, text);
      assertThat(history.timelineAt(START)).isBetween(Long.MIN_VALUE, 7L);
      assertThat(history.withFiles()).isSorted();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("timeline 7");
    }
    try {
      assertThat(Integer.bitCount(HomeIdentity.segmentBytes(text))).isEqualTo(1);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("strange size");
    }
  }

  private static HomeIdentity identity() {
    TimelineHistory history =
        new TimelineHistory(2, java.util.List.of(new TimelineHistory.End(1, START.plus(500))));
    return new HomeIdentity(
        "1311768467463790320", SEGMENT_BYTES, history, Map.of(2L, "1\t0/1001F4\tx\n"), "18", START);
  }

  private static final class Sessions implements RelaySession.Owner {
    private boolean gone;

    @Override
    public void streaming(RelaySession session) {}

    @Override
    public void status(RelaySession session, LogPosition flushed, LogPosition applied) {}

    @Override
    public void gone(RelaySession session) {
      gone = true;
    }
  }

  /// One channel whose other end is the input, and a memory.
  private static final class Fixture implements AutoCloseable {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final ServiceMemory memory =
        new ServiceMemory("test", "b", 1, BOUNDS, null, Runnable::run, () -> 0);
    final UpstreamConnector upstream =
        new UpstreamConnector(SETTINGS, channel.eventLoop(), new ToChannel());
    final HomeLink link = new HomeLink(upstream, "b");

    void feed(byte[] input, Consumer<ByteBuf> to) {
      if (input.length < 2) {
        return;
      }
      int readBytes = (input[0] & 0xFF) + 1;
      for (int at = 1; at < input.length && channel.isActive(); at += readBytes) {
        to.accept(Unpooled.copiedBuffer(input, at, Math.min(readBytes, input.length - at)));
      }
    }

    /// All that was sent is whole messages, after the start-up packet of a client.
    void checkSent(Direction direction, Consumer<ByteBuf> each) {
      EmbeddedChannel other = new EmbeddedChannel(new MessageDecoder(direction, 1 << 20));
      boolean startup = direction == Direction.FROM_CLIENT;
      for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
        if (startup) {
          startup = false;
          sent.release();
        } else {
          other.writeInbound(sent);
        }
      }
      for (Object next = other.readInbound(); next != null; next = other.readInbound()) {
        ByteBuf message = (ByteBuf) next;
        each.accept(message);
        message.release();
      }
      other.finishAndReleaseAll();
    }

    @Override
    public void close() {
      channel.finishAndReleaseAll();
      memory.close();
    }

    private final class ToChannel implements BackendConnector {
      private boolean used;

      @Override
      public Future<Channel> connect(
          EventLoop loop,
          String service,
          String host,
          long epoch,
          Purpose purpose,
          ChannelHandler handler) {
        if (used || channel.pipeline().names().size() > 2) {
          return loop.newFailedFuture(new IOException("one connection is enough"));
        }
        used = true;
        channel.pipeline().addLast(handler);
        return loop.newSucceededFuture(channel);
      }
    }
  }
}
