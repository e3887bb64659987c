package dev.baton.service.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
  private static final long CLUSTER = 0x1122_3344_5566_7788L;
  private static final int FRAME_BYTES = 4 + 18 + 7 + 4;

  @Test
  void framesAreTheSameHoweverTheBytesAreSplit() {
    ByteBuf two = frame();
    ByteBuf second = frame();
    two.writeBytes(second);
    second.release();
    for (int cut = 0; cut <= two.readableBytes(); cut++) {
      EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(CLUSTER));
      channel.writeInbound(two.copy(0, cut));
      channel.writeInbound(two.copy(cut, two.readableBytes() - cut));
      for (int i = 0; i < 2; i++) {
        Frame frame = channel.readInbound();
        assertThat(frame).as("frame %d, cut at %d", i, cut).isNotNull();
        assertThat(frame.type()).isEqualTo(FrameType.CALL);
        assertThat(frame.epoch()).isEqualTo(7);
        assertThat(frame.payload().toString(java.nio.charset.StandardCharsets.US_ASCII))
            .isEqualTo("payload");
        frame.release();
      }
      assertThat(channel.finish()).isFalse();
    }
    two.release();
  }

  @Test
  void everyFlippedBitIsRefused() {
    for (int bit = 0; bit < FRAME_BYTES * 8; bit++) {
      ByteBuf bytes = frame();
      int index = bit / 8;
      bytes.setByte(index, bytes.getByte(index) ^ 1 << bit % 8);
      EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(CLUSTER));
      boolean refused = false;
      try {
        channel.writeInbound(bytes);
        refused = channel.readInbound() == null; // a longer length waits for more
        channel.finish();
      } catch (DecoderException e) {
        refused = true;
      } finally {
        channel.close();
      }
      assertThat(refused).as("bit %d of byte %d", bit % 8, index).isTrue();
    }
  }

  @Test
  void eachMisuseHasItsOwnError() {
    refused(PeerError.TOO_LONG, bytes -> bytes.setInt(0, FrameDecoder.STRANGER_BYTES + 1));
    refused(PeerError.TOO_LONG, bytes -> bytes.setInt(0, -1));
    refused(PeerError.MALFORMED, bytes -> bytes.setInt(0, 21));
    refused(PeerError.MALFORMED, bytes -> bytes.setInt(0, 0));
    refused(PeerError.VERSION_SKEW, bytes -> bytes.setByte(4, 2));
    refused(PeerError.BAD_CHECKSUM, bytes -> bytes.setByte(25, 'X'));
    refused(PeerError.UNEXPECTED_FRAME, bytes -> resum(bytes.setByte(5, 99)));
    refused(PeerError.WRONG_CLUSTER, bytes -> resum(bytes.setLong(6, CLUSTER + 1)));
  }

  @Test
  void aConnectionThatEndsWithinAFrameIsTruncated() {
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(CLUSTER));
    ByteBuf bytes = frame();
    channel.writeInbound(bytes.readRetainedSlice(FRAME_BYTES - 1));
    bytes.release();
    assertThatThrownBy(channel::finish)
        .hasRootCauseInstanceOf(PeerException.class)
        .hasMessageContaining("TRUNCATED");
  }

  @Test
  void moreRoomIsGivenOnlyWhenTheOtherSideIsKnown() {
    FrameDecoder decoder = new FrameDecoder(CLUSTER);
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    decoder.allow(1 << 20);
    ByteBuf large = Frame.begin(ByteBufAllocator.DEFAULT, FrameType.CALL, CLUSTER, 0);
    large.writeZero(100_000);
    channel.writeInbound(Frame.end(large));
    Frame frame = channel.readInbound();
    assertThat(frame.payload().readableBytes()).isEqualTo(100_000);
    frame.release();
    channel.finish();
  }

  private static void refused(PeerError error, Consumer<ByteBuf> change) {
    ByteBuf bytes = frame();
    change.accept(bytes);
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(CLUSTER));
    assertThatThrownBy(() -> channel.writeInbound(bytes))
        .isInstanceOf(DecoderException.class)
        .cause()
        .isInstanceOfSatisfying(
            PeerException.class, refusal -> assertThat(refusal.error()).isEqualTo(error));
    channel.close();
  }

  private static void resum(ByteBuf bytes) {
    bytes.setInt(FRAME_BYTES - 4, Frame.checksum(bytes, 4, FRAME_BYTES - 8));
  }

  private static ByteBuf frame() {
    ByteBuf frame = Frame.begin(ByteBufAllocator.DEFAULT, FrameType.CALL, CLUSTER, 7);
    frame.writeBytes(Unpooled.wrappedBuffer(new byte[] {'p', 'a', 'y', 'l', 'o', 'a', 'd'}));
    return Frame.end(frame);
  }
}
