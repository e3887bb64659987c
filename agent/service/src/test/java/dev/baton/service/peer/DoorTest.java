package dev.baton.service.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.net.BackendConnector.DoorClosedException;
import dev.baton.net.BackendConnector.Purpose;
import dev.baton.testing.Await;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The door on real sockets: `a` has the instance, `w` is a front elsewhere.
class DoorTest {
  private final Agents agents = agents();

  Agents agents() {
    return new Agents();
  }

  @AfterEach
  void close() {
    agents.close();
  }

  /// What a stream's owner sees.
  private static final class Stream extends ChannelInboundHandlerAdapter {
    final CRC32 crc = new CRC32();
    final AtomicLong received = new AtomicLong();
    volatile boolean active;
    volatile boolean ended;
    volatile @Nullable Throwable broken;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      active = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.readBytes(copy);
      bytes.release();
      crc.update(copy);
      received.addAndGet(copy.length);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broken = cause;
      context.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "w"})
  void workPassesInExactlyOneEpoch(String front) throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent from = front.equals("a") ? home : agents.agent("w");
    assertThat(closed(from, 1, Purpose.WORK)).contains("has not been opened");
    home.policy().open("app", 5);
    assertThat(closed(from, 4, Purpose.WORK)).contains("of epoch 4");
    assertThat(closed(from, 6, Purpose.WORK)).contains("of epoch 6");
    Stream stream = new Stream();
    Channel channel = open(from, 5, Purpose.WORK, stream);
    assertThat(stream.active).isTrue();
    // the handler and the pipeline's own tail; beside the instance, the gate that looks at the time
    assertThat(channel.pipeline().names())
        .filteredOn(name -> !name.equals(PeerPipeline.TLS))
        .hasSize(front.equals("a") ? 3 : 2);
    channel.writeAndFlush(text("hello"));
    Await.until("the echo comes back", () -> stream.received.get() == 5);
    assertThat(home.policy().streams("app", Purpose.WORK)).isEqualTo(1);
    channel.close().await();
    Await.until("the stream is forgotten", () -> home.policy().streams("app", Purpose.WORK) == 0);
    Await.until(
        "the instance's side ends",
        () -> home.instance().connections.stream().noneMatch(Channel::isActive));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "w"})
  void closingCutsClientWorkAtOnceAndNothingElse(String front) throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent from = front.equals("a") ? home : agents.agent("w");
    home.policy().open("app", 5);
    Stream work = new Stream();
    Stream replication = new Stream();
    open(from, 5, Purpose.WORK, work);
    Channel replicating = open(from, 5, Purpose.REPLICATION, replication);
    Await.result(home.policy().closeWork("app", "the lease is lost"));
    assertThat(home.policy().streams("app", Purpose.WORK)).isZero();
    Await.until("the client's stream ends", () -> work.ended);
    assertThat(closed(from, 5, Purpose.WORK)).contains("the lease is lost");
    replicating.writeAndFlush(text("log"));
    Await.until("replication goes on", () -> replication.received.get() == 3);
    Await.result(home.policy().closeAll("app", "taken over"));
    Await.until("replication ends", () -> replication.ended);
    assertThat(closed(from, 5, Purpose.REPLICATION)).contains("taken over");
  }

  /// What lies in the sockets of an agent that was stopped passes in neither direction when it goes
  /// on, before anybody has told the door that the lease is over.
  @ParameterizedTest
  @ValueSource(strings = {"a", "w"})
  void nothingPassesWithoutALease(String front) throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent from = front.equals("a") ? home : agents.agent("w");
    home.policy().hold("app", System.nanoTime() + TimeUnit.HOURS.toNanos(1));
    home.policy().open("app", 5);
    Stream stream = new Stream();
    Channel channel = open(from, 5, Purpose.WORK, stream);
    Stream replication = new Stream();
    Channel replicating = open(from, 5, Purpose.REPLICATION, replication);
    channel.writeAndFlush(text("hello"));
    Await.until("the echo comes back", () -> stream.received.get() == 5);
    home.policy().hold("app", System.nanoTime());
    channel.writeAndFlush(text("hello"));
    Await.until("the stream ends", () -> stream.ended);
    assertThat(stream.received).hasValue(5);
    assertThat(closed(from, 5, Purpose.WORK)).contains("the lease has ended");
    replicating.writeAndFlush(text("log"));
    Await.until("standbys are served on", () -> replication.received.get() == 3);
  }

  /// What was written and not read yet must not reach the instance after the cut: its side of the
  /// stream sees a reset, not an end.
  @Test
  void aCutIsAResetForTheInstance() throws Exception {
    Stream seen = new Stream();
    Agents.Agent home = agents.agent("a", "secret", new SharedStream(seen));
    home.policy().open("app", 5);
    open(home, 5, Purpose.WORK, new Stream());
    Await.until("the instance has a connection", () -> home.instance().connections.size() == 1);
    Await.result(home.policy().closeWork("app", "fenced"));
    Await.until("the instance's connection ends", () -> seen.ended);
    assertThat(seen.broken).isInstanceOf(IOException.class);
    assertThat(seen.broken).hasMessageContaining("reset");
  }

  @ChannelHandler.Sharable
  private static final class SharedStream extends ChannelInboundHandlerAdapter {
    private final Stream stream;

    SharedStream(Stream stream) {
      this.stream = stream;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      stream.channelRead(context, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      stream.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      stream.exceptionCaught(context, cause);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"b", "w"})
  void twinsLiveThroughTheOpeningAndAreCutAsWorkLater(String front) throws Exception {
    Agents.Agent standby = agents.agent("b");
    Agents.Agent from = front.equals("b") ? standby : agents.agent("w");
    standby.policy().admit("app", 5, Agents.all());
    assertThat(closedAt(from, "b", 5, Purpose.WORK)).contains("closed for WORK");
    Stream twin = new Stream();
    Channel channel = openAt(from, "b", 5, Purpose.TWIN, twin);
    Await.result(standby.policy().closeWork("app", "still a standby"));
    standby.policy().open("app", 6);
    channel.writeAndFlush(text("begin"));
    Await.until("the twin works", () -> twin.received.get() == 5);
    assertThat(closedAt(from, "b", 6, Purpose.TWIN)).contains("closed for TWIN");
    Await.result(standby.policy().closeWork("app", "moved back"));
    Await.until("the twin is cut", () -> twin.ended);
  }

  @Test
  void theAgentsOwnQuestionsPassAClosedDoorAndOthersDoNot() throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent other = agents.agent("w");
    open(home, 0, Purpose.ADMIN, new Stream());
    assertThat(closed(other, 0, Purpose.ADMIN)).contains("closed for ADMIN");
  }

  @Test
  void aServiceOrAHostThatIsNotThereIsRefused() throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent other = agents.agent("w");
    home.policy().open("other", 1);
    assertThat(
            failure(
                other
                    .door()
                    .connect(
                        agents.transport.group().next(),
                        "other",
                        "a",
                        1,
                        Purpose.WORK,
                        new Stream())))
        .isInstanceOf(DoorClosedException.class)
        .hasMessageContaining("no instance of other");
    assertThat(failure(connect(other, "nowhere", 1, Purpose.WORK, new Stream())))
        .hasMessageContaining("no address of host nowhere");
  }

  @Test
  void anInstanceThatTakesNoConnectionIsToldAsSuch() throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent other = agents.agent("w");
    home.policy().open("app", 1);
    home.instance().close();
    assertThat(failure(connect(other, "a", 1, Purpose.WORK, new Stream())))
        .isInstanceOfSatisfying(
            PeerException.class,
            e -> assertThat(e.error()).isEqualTo(PeerError.INSTANCE_UNREACHABLE));
    assertThat(failure(connect(home, "a", 1, Purpose.WORK, new Stream())))
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void aFrontWithAnotherSecretDoesNotPass() throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent stranger = agents.agent("w", "another secret", null);
    home.policy().open("app", 1);
    assertThat(failure(connect(stranger, "a", 1, Purpose.WORK, new Stream())))
        .hasMessageContaining("NOT_AUTHENTIC");
    assertThat(home.instance().connections).isEmpty();
  }

  /// While nobody reads the echo, the writer is stopped by what the sockets on the way hold; the
  /// agent in the middle holds no more than that. Then nothing is lost.
  @Test
  void aSlowReaderSlowsTheSenderAndLosesNothing() throws Exception {
    Agents.Agent home = agents.agent("a");
    Agents.Agent front = agents.agent("w");
    home.policy().open("app", 5);
    Stream stream = new Stream();
    Channel channel = open(front, 5, Purpose.WORK, stream);
    channel.config().setOption(ChannelOption.AUTO_READ, false);
    CRC32 sent = new CRC32();
    Random random = new Random(1);
    byte[] piece = new byte[64 << 10];
    long written = 0;
    boolean left = true;
    while (left) {
      random.nextBytes(piece);
      sent.update(piece);
      written += piece.length;
      left = channel.writeAndFlush(Unpooled.copiedBuffer(piece)).await(500);
      assertThat(written).as("bytes that left while nobody read").isLessThan(400L << 20);
    }
    channel.config().setOption(ChannelOption.AUTO_READ, true);
    long all = written;
    Await.until("everything has come back", () -> stream.received.get() == all);
    assertThat(stream.crc.getValue()).isEqualTo(sent.getValue());
  }

  private Channel open(Agents.Agent from, long epoch, Purpose purpose, ChannelHandler handler)
      throws Exception {
    return openAt(from, "a", epoch, purpose, handler);
  }

  private Channel openAt(
      Agents.Agent from, String host, long epoch, Purpose purpose, ChannelHandler handler)
      throws Exception {
    return connect(from, host, epoch, purpose, handler).get(Await.BOUND_SECONDS, TimeUnit.SECONDS);
  }

  private Future<Channel> connect(
      Agents.Agent from, String host, long epoch, Purpose purpose, ChannelHandler handler) {
    return from.door()
        .connect(agents.transport.group().next(), "app", host, epoch, purpose, handler);
  }

  private String closed(Agents.Agent from, long epoch, Purpose purpose) throws Exception {
    return closedAt(from, "a", epoch, purpose);
  }

  private String closedAt(Agents.Agent from, String host, long epoch, Purpose purpose)
      throws Exception {
    Throwable failure = failure(connect(from, host, epoch, purpose, new Stream()));
    assertThat(failure).isInstanceOf(DoorClosedException.class);
    return String.valueOf(failure.getMessage());
  }

  private static Throwable failure(Future<Channel> connecting) throws Exception {
    assertThat(connecting.await(Await.BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(connecting.isSuccess()).isFalse();
    return connecting.cause();
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, java.nio.charset.StandardCharsets.US_ASCII);
  }
}
