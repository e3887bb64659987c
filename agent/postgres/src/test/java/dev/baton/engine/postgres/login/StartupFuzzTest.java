package dev.baton.engine.postgres.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.baton.engine.postgres.wire.MalformedMessage;
import dev.baton.engine.postgres.wire.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

/// Whatever opens a connection is a packet to which the negotiation has an answer, or is refused
/// with [MalformedMessage]; no more than the largest packet is ever kept. The first byte says into
/// how large reads the rest is cut, and whether TLS is offered.
class StartupFuzzTest {
  @FuzzTest
  void openings(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int readBytes = (input[0] & 0x7F) + 1;
    StartupNegotiation negotiation = new StartupNegotiation(input[0] < 0);
    EmbeddedChannel channel = new EmbeddedChannel(new StartupDecoder(true));
    try {
      for (int at = 1; at < input.length; at += readBytes) {
        int length = Math.min(readBytes, input.length - at);
        channel.writeInbound(Unpooled.copiedBuffer(input, at, length));
        answer(channel, negotiation);
      }
    } catch (MalformedMessage e) {
      assertThat(e.kind()).isEqualTo(MalformedMessage.Kind.LENGTH);
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private static void answer(EmbeddedChannel channel, StartupNegotiation negotiation) {
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (next instanceof ByteBuf encrypted) {
        encrypted.release();
        continue;
      }
      StartupNegotiation.Step step =
          switch ((StartupDecoder.Opening) next) {
            case StartupDecoder.Opening.DirectTls() -> {
              channel.pipeline().remove(StartupDecoder.class); // as its handler does
              yield negotiation.directTls();
            }
            case StartupDecoder.Opening.Packet(StartupPacket packet, boolean more) ->
                negotiation.step(packet, more);
          };
      switch (step) {
        case StartupNegotiation.Step.Begin begin -> {
          assertThat(begin.parameters().get("user")).isNotEmpty();
          assertThat(begin.parameters().get("database")).isNotEmpty();
          assertThat(begin.parameters()).doesNotContainKey("replication");
          assertThat(begin.minor()).isBetween(0, 2);
        }
        case StartupNegotiation.Step.Refuse refuse ->
            assertThat(refuse.error().code()).matches("[0-9A-Z]{5}");
        case StartupNegotiation.Step.AnswerNo _,
            StartupNegotiation.Step.BeginTls _,
            StartupNegotiation.Step.Cancel _,
            StartupNegotiation.Step.AnswerNoAndRefuse _,
            StartupNegotiation.Step.RefuseOldStyle _,
            StartupNegotiation.Step.CloseSilently _ -> {}
      }
    }
  }
}
