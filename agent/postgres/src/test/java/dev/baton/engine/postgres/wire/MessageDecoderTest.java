package dev.baton.engine.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageDecoderTest {
  private static final int WHOLE_BYTES = 64;

  @Test
  void aTranscriptSplitAtAnyByteGivesTheSameMessages() {
    ByteBuf transcript = clientTranscript();
    byte[] bytes = ByteBufUtil.getBytes(transcript);
    transcript.release();
    List<String> whole = decode(Direction.FROM_CLIENT, List.of(bytes));
    assertThat(whole).hasSize(9).startsWith("Q", "P", "B", "D", "E", "S", "d:120 bytes");

    for (int split = 1; split < bytes.length; split++) {
      byte[] first = java.util.Arrays.copyOf(bytes, split);
      byte[] second = java.util.Arrays.copyOfRange(bytes, split, bytes.length);
      assertThat(decode(Direction.FROM_CLIENT, List.of(first, second)))
          .as("split at byte %d", split)
          .isEqualTo(whole);
    }
  }

  @Test
  void bytesOneByOneGiveTheSameMessages() {
    ByteBuf transcript = clientTranscript();
    List<byte[]> single = new ArrayList<>();
    while (transcript.isReadable()) {
      single.add(new byte[] {transcript.readByte()});
    }
    transcript.release();
    assertThat(decode(Direction.FROM_CLIENT, single))
        .containsExactly("Q", "P", "B", "D", "E", "S", "d:120 bytes", "c", "X");
  }

  @Test
  void whatCameInOneReadIsASliceOfItAndNoCopy() {
    EmbeddedChannel channel =
        new EmbeddedChannel(new MessageDecoder(Direction.FROM_CLIENT, WHOLE_BYTES));
    ByteBuf in = Unpooled.buffer();
    FrontendMessages.sync(in);
    FrontendMessages.query(in, "SELECT 1");
    channel.writeInbound(in);

    ByteBuf sync = channel.readInbound();
    ByteBuf query = channel.readInbound();
    assertThat(sync.unwrap()).isSameAs(in);
    assertThat(FrontendMessages.readQuery(query)).isEqualTo("SELECT 1");
    assertThat(in.refCnt()).isEqualTo(2);
    sync.release();
    query.release();
    assertThat(in.refCnt()).isZero();
    channel.finish();
  }

  @Test
  void aMessageBeyondTheBoundComesInPiecesWithoutWaitingForItsEnd() {
    EmbeddedChannel channel =
        new EmbeddedChannel(new MessageDecoder(Direction.FROM_CLIENT, WHOLE_BYTES));
    ByteBuf start = Unpooled.buffer().writeByte('d').writeInt(104).writeZero(20);
    channel.writeInbound(start);
    MessagePiece first = channel.readInbound();
    assertThat(first.isFirst()).isTrue();
    assertThat(first.isLast()).isFalse();
    assertThat(first.type()).isEqualTo(FrontendType.COPY_DATA);
    assertThat(first.messageBytes()).isEqualTo(105);
    assertThat(first.content().readableBytes()).isEqualTo(25);
    first.release();

    ByteBuf rest = Unpooled.buffer().writeZero(80);
    FrontendMessages.copyDone(rest);
    channel.writeInbound(rest);
    MessagePiece last = channel.readInbound();
    assertThat(last.isLast()).isTrue();
    assertThat(last.offset()).isEqualTo(25);
    last.release();
    ByteBuf done = channel.readInbound();
    assertThat(done.getByte(0)).isEqualTo(FrontendType.COPY_DONE);
    done.release();
    channel.finish();
  }

  @Test
  void wrongLengthsSayWhatAndWhereAndEndDecoding() {
    for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 3, 0x3FFF_FFFF, Integer.MAX_VALUE}) {
      EmbeddedChannel channel =
          new EmbeddedChannel(new MessageDecoder(Direction.FROM_CLIENT, WHOLE_BYTES));
      ByteBuf in = Unpooled.buffer();
      FrontendMessages.sync(in);
      in.writeByte('Q').writeInt(length).writeZero(10);
      assertThatThrownBy(() -> channel.writeInbound(in))
          .isInstanceOf(MalformedMessage.class)
          .hasMessage("invalid length %d of message 'Q' at byte 5 of the client's stream", length);
      ByteBuf later = Unpooled.buffer();
      FrontendMessages.sync(later);
      channel.writeInbound(later);
      assertThat(later.refCnt()).isZero();
      ByteBuf sync = channel.readInbound();
      assertThat(sync.getByte(0)).isEqualTo(FrontendType.SYNC);
      sync.release();
      assertThat(channel.<Object>readInbound()).isNull();
      channel.finish();
    }
  }

  @Test
  void shortKindsAreBoundedAsAServerBoundsThem() {
    EmbeddedChannel channel =
        new EmbeddedChannel(new MessageDecoder(Direction.FROM_CLIENT, 1 << 20));
    assertThatThrownBy(
            () -> channel.writeInbound(Unpooled.buffer().writeByte('S').writeInt(10_001)))
        .isInstanceOfSatisfying(
            MalformedMessage.class,
            e -> assertThat(e.kind()).isEqualTo(MalformedMessage.Kind.LENGTH));
    channel.finish();
  }

  @Test
  void anUnknownTypeIsRefusedByItsFirstByte() {
    EmbeddedChannel channel =
        new EmbeddedChannel(new MessageDecoder(Direction.FROM_CLIENT, WHOLE_BYTES));
    assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeByte('z')))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("invalid message type 122 at byte 0 of the client's stream");
    channel.finish();
  }

  @Test
  void anUnfinishedMessageIsReleasedAtTheEndOfTheStream() {
    EmbeddedChannel channel =
        new EmbeddedChannel(new MessageDecoder(Direction.FROM_SERVER, WHOLE_BYTES));
    ByteBuf half = Unpooled.buffer().writeByte('D').writeInt(50).writeZero(10);
    channel.writeInbound(half);
    assertThat(half.refCnt()).isZero();
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void aHalfMessageIsReadOnWhenAutomaticReadingIsOff() {
    List<String> reads = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new io.netty.channel.ChannelOutboundHandlerAdapter() {
              @Override
              public void read(io.netty.channel.ChannelHandlerContext ctx) {
                reads.add("read");
              }
            },
            new MessageDecoder(Direction.FROM_SERVER, WHOLE_BYTES));
    channel.config().setAutoRead(false);
    reads.clear();
    channel.writeInbound(Unpooled.buffer().writeByte('D'));
    assertThat(reads).hasSize(1);
    channel.writeInbound(Unpooled.buffer().writeInt(4));
    assertThat(reads).hasSize(1);
    channel.finishAndReleaseAll();
  }

  private static ByteBuf clientTranscript() {
    ByteBuf out = Unpooled.buffer();
    FrontendMessages.query(out, "SELECT 1");
    FrontendMessages.parse(out, "s1", "SELECT $1", List.of(23));
    FrontendMessages.bind(out, "", "s1", java.util.Arrays.asList("42", null));
    FrontendMessages.describe(out, FrontendMessages.Target.PORTAL, "");
    FrontendMessages.execute(out, "", 0);
    FrontendMessages.sync(out);
    FrontendMessages.copyData(out, Unpooled.wrappedBuffer(new byte[115]));
    FrontendMessages.copyDone(out);
    FrontendMessages.terminate(out);
    return out;
  }

  /// Types in order; pieces of one message are joined and must add up.
  private static List<String> decode(Direction direction, List<byte[]> reads) {
    EmbeddedChannel channel = new EmbeddedChannel(new MessageDecoder(direction, WHOLE_BYTES));
    reads.forEach(read -> channel.writeInbound(Unpooled.wrappedBuffer(read)));
    List<String> seen = new ArrayList<>();
    int pieced = 0;
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      switch (message) {
        case ByteBuf whole -> {
          seen.add(String.valueOf((char) whole.getByte(whole.readerIndex())));
          assertThat(whole.readableBytes()).isEqualTo(whole.getInt(whole.readerIndex() + 1) + 1);
          whole.release();
        }
        case MessagePiece piece -> {
          assertThat(piece.offset()).isEqualTo(pieced);
          pieced += piece.content().readableBytes();
          if (piece.isLast()) {
            assertThat(pieced).isEqualTo(piece.messageBytes());
            seen.add((char) piece.type() + ":" + pieced + " bytes");
            pieced = 0;
          }
          piece.release();
        }
        default -> throw new AssertionError("unexpected " + message);
      }
    }
    channel.finish();
    return seen;
  }
}
