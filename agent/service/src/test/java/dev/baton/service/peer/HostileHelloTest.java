package dev.baton.service.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What strangers may say to the peer port, and what an agent accepts as the one that it called.
class HostileHelloTest {
  private static final PeerIdentity A = new PeerIdentity("test", "a", "secret", null);
  private final List<String> accepted = new ArrayList<>();
  private final EmbeddedChannel server = server(A);

  @AfterEach
  void close() {
    server.finishAndReleaseAll();
  }

  @Test
  void bothSidesKnowEachOtherAfterTheHello() {
    List<String> welcomed = new ArrayList<>();
    EmbeddedChannel caller = caller(new PeerIdentity("test", "w", "secret", null), "a", welcomed);
    exchange(caller, server);
    assertThat(accepted).containsExactly("w DOOR");
    assertThat(welcomed).containsExactly("welcomed");
    caller.finishAndReleaseAll();
  }

  @Test
  void aCallerWithAnotherSecretGivesNoProofToWhomItDoesNotKnow() {
    List<String> welcomed = new ArrayList<>();
    EmbeddedChannel caller = caller(new PeerIdentity("test", "w", "other", null), "a", welcomed);
    exchange(caller, server);
    assertThat(accepted).isEmpty();
    assertThat(welcomed).singleElement().asString().contains("NOT_AUTHENTIC");
    caller.finishAndReleaseAll();
  }

  @Test
  void aHostThatAnswersForAnotherIsNotTalkedTo() {
    List<String> welcomed = new ArrayList<>();
    EmbeddedChannel caller = caller(new PeerIdentity("test", "w", "secret", null), "b", welcomed);
    exchange(caller, server);
    assertThat(welcomed).singleElement().asString().contains("expected host b, got 'a'");
    assertThat(accepted).isEmpty();
    caller.finishAndReleaseAll();
  }

  @Test
  void aServerThatSendsTheProofBackIsNotBelieved() {
    List<String> welcomed = new ArrayList<>();
    EmbeddedChannel caller = caller(new PeerIdentity("test", "w", "secret", null), "a", welcomed);
    drop(caller);
    ByteBuf challenge = frame(FrameType.CHALLENGE, A.clusterHash());
    challenge.writeByte(1).writeZero(Handshake.NONCE_BYTES + Handshake.PROOF_BYTES);
    Frame.writeText(challenge, "a");
    caller.writeInbound(Frame.end(challenge));
    assertThat(welcomed).singleElement().asString().contains("NOT_AUTHENTIC");
    caller.finishAndReleaseAll();
  }

  @Test
  void aWelcomeWithoutAChallengeIsNotBelieved() {
    List<String> welcomed = new ArrayList<>();
    EmbeddedChannel caller = caller(new PeerIdentity("test", "w", "secret", null), "a", welcomed);
    caller.writeInbound(Frame.end(frame(FrameType.WELCOME, A.clusterHash())));
    assertThat(welcomed).singleElement().asString().contains("welcomed before the challenge");
    caller.finishAndReleaseAll();
  }

  @Test
  void aProofWithoutAHelloIsRefused() {
    refused(FrameType.PROOF, proof -> proof.writeZero(32), PeerError.UNEXPECTED_FRAME);
  }

  @Test
  void aCallBeforeTheHelloIsRefused() {
    refused(FrameType.CALL, call -> call.writeLong(1), PeerError.UNEXPECTED_FRAME);
  }

  @Test
  void aWrongProofIsRefused() {
    server.writeInbound(Frame.end(hello(frame(FrameType.HELLO, A.clusterHash()), 1, 1, 3)));
    assertThat(answer()).isEqualTo(FrameType.CHALLENGE);
    refused(FrameType.PROOF, proof -> proof.writeZero(32), PeerError.NOT_AUTHENTIC);
  }

  @Test
  void aSecondHelloIsRefused() {
    server.writeInbound(Frame.end(hello(frame(FrameType.HELLO, A.clusterHash()), 1, 1, 3)));
    assertThat(answer()).isEqualTo(FrameType.CHALLENGE);
    refused(FrameType.HELLO, hello -> hello(hello, 1, 1, 3), PeerError.UNEXPECTED_FRAME);
  }

  @Test
  void aVersionFromTheFutureIsRefused() {
    refused(FrameType.HELLO, hello -> hello(hello, 2, 9, 3), PeerError.VERSION_SKEW);
  }

  @Test
  void aCallerThatAlsoSpeaksOurVersionIsTaken() {
    server.writeInbound(Frame.end(hello(frame(FrameType.HELLO, A.clusterHash()), 1, 9, 3)));
    assertThat(answer()).isEqualTo(FrameType.CHALLENGE);
  }

  @Test
  void aConnectionOfNoKnownKindIsRefused() {
    refused(FrameType.HELLO, hello -> hello(hello, 1, 1, 77), PeerError.MALFORMED);
  }

  @Test
  void aHelloThatEndsEarlyIsRefused() {
    refused(FrameType.HELLO, hello -> hello.writeByte(1).writeByte(1), PeerError.MALFORMED);
  }

  @Test
  void aTextLongerThanItsFrameIsRefused() {
    refused(
        FrameType.HELLO,
        hello -> hello.writeByte(1).writeByte(1).writeByte(3).writeZero(16).writeShort(0xFFFF),
        PeerError.MALFORMED);
  }

  @Test
  void anotherClusterIsRefused() {
    server.writeInbound(Frame.end(hello(frame(FrameType.HELLO, 42), 1, 1, 3)));
    assertThat(error()).isEqualTo(PeerError.WRONG_CLUSTER);
    assertThat(server.isActive()).isFalse();
  }

  @Test
  void httpOnThePortIsRefused() {
    server.writeInbound(
        io.netty.buffer.Unpooled.copiedBuffer(
            "GET / HTTP/1.1\r\n\r\n", java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(error()).isEqualTo(PeerError.TOO_LONG);
    assertThat(server.isActive()).isFalse();
  }

  @Test
  void whoSaysNothingIsSentAway() {
    server.advanceTimeBy(6, TimeUnit.SECONDS);
    server.runScheduledPendingTasks();
    assertThat(server.isActive()).isFalse();
  }

  private void refused(FrameType type, Consumer<ByteBuf> payload, PeerError expected) {
    ByteBuf frame = frame(type, A.clusterHash());
    payload.accept(frame);
    server.writeInbound(Frame.end(frame));
    assertThat(error()).isEqualTo(expected);
    assertThat(server.isActive()).isFalse();
    assertThat(accepted).isEmpty();
  }

  private static ByteBuf frame(FrameType type, long cluster) {
    return Frame.begin(ByteBufAllocator.DEFAULT, type, cluster, 0);
  }

  private static ByteBuf hello(ByteBuf frame, int oldest, int newest, int connection) {
    frame.writeByte(oldest).writeByte(newest).writeByte(connection);
    frame.writeZero(Handshake.NONCE_BYTES);
    Frame.writeText(frame, "w");
    return frame;
  }

  private @Nullable FrameType answer() {
    ByteBuf bytes = server.readOutbound();
    if (bytes == null) {
      return null;
    }
    FrameType type = FrameType.of(bytes.getByte(5));
    bytes.release();
    return type;
  }

  private @Nullable PeerError error() {
    ByteBuf bytes = server.readOutbound();
    if (bytes == null || FrameType.of(bytes.getByte(5)) != FrameType.ERROR) {
      return null;
    }
    PeerError error = PeerError.of(bytes.getUnsignedShort(22));
    bytes.release();
    return error;
  }

  private EmbeddedChannel server(PeerIdentity self) {
    EmbeddedChannel channel = new EmbeddedChannel(false, false);
    PeerPipeline.called(
        channel,
        self,
        new RefusalLog(),
        new ServerHandshake(
            self, (context, host, connection) -> accepted.add(host + " " + connection)));
    return registered(channel);
  }

  private static EmbeddedChannel caller(PeerIdentity self, String target, List<String> welcomed) {
    EmbeddedChannel channel = new EmbeddedChannel(false, false);
    PeerPipeline.calling(
        channel,
        self,
        target,
        new java.net.InetSocketAddress(0),
        new CallerHandshake(
            self,
            target,
            Connection.DOOR,
            new CallerHandshake.Outcome() {
              @Override
              public void welcomed(io.netty.channel.ChannelHandlerContext context) {
                welcomed.add("welcomed");
              }

              @Override
              public void refused(Throwable reason) {
                welcomed.add(reason.toString());
              }
            }));
    return registered(channel);
  }

  private static EmbeddedChannel registered(EmbeddedChannel channel) {
    try {
      channel.register();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return channel;
  }

  private static void drop(EmbeddedChannel channel) {
    ByteBuf bytes = channel.readOutbound();
    bytes.release();
  }

  private static void exchange(EmbeddedChannel one, EmbeddedChannel other) {
    boolean moved = true;
    while (moved) {
      boolean there = pass(one, other);
      boolean back = pass(other, one);
      moved = there || back;
    }
  }

  private static boolean pass(EmbeddedChannel from, EmbeddedChannel to) {
    ByteBuf bytes = from.readOutbound();
    if (bytes == null) {
      return false;
    }
    if (to.isActive()) {
      to.writeInbound(bytes);
    } else {
      bytes.release();
    }
    return true;
  }
}
