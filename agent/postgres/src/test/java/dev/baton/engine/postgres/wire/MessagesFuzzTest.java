package dev.baton.engine.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;

/// Whatever comes in, the decoders hand on exactly the bytes that came, cut into messages, or
/// refuse with [MalformedMessage]; and so do the readers. The first byte says into how large reads
/// the rest is cut.
class MessagesFuzzTest {
  private static final int WHOLE_BYTES = 256;

  @FuzzTest
  void clientMessages(byte[] input) {
    decode(Direction.FROM_CLIENT, input);
  }

  @FuzzTest
  void serverMessages(byte[] input) {
    decode(Direction.FROM_SERVER, input);
  }

  private static void decode(Direction direction, byte[] input) {
    if (input.length < 2) {
      return;
    }
    int readBytes = (input[0] & 0xFF) + 1;
    EmbeddedChannel channel = new EmbeddedChannel(new MessageDecoder(direction, WHOLE_BYTES));
    ByteBuf seen = Unpooled.buffer();
    try {
      for (int at = 1; at < input.length; at += readBytes) {
        int length = Math.min(readBytes, input.length - at);
        channel.writeInbound(Unpooled.copiedBuffer(input, at, length));
        take(channel, direction, seen);
      }
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageContaining("invalid");
      take(channel, direction, seen);
    } finally {
      channel.finishAndReleaseAll();
    }
    assertThat(seen.readableBytes()).isLessThan(input.length);
    for (int i = 0; i < seen.readableBytes(); i++) {
      assertThat(seen.getByte(i)).isEqualTo(input[i + 1]);
    }
    seen.release();
  }

  private static void take(EmbeddedChannel channel, Direction direction, ByteBuf seen) {
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      switch (next) {
        case MessagePiece piece -> {
          seen.writeBytes(piece.content(), 0, piece.content().readableBytes());
          piece.release();
        }
        case ByteBuf message -> {
          assertThat(message.readableBytes()).isLessThanOrEqualTo(WHOLE_BYTES);
          readAs(direction, message);
          seen.writeBytes(message);
          message.release();
        }
        default -> throw new AssertionError("unexpected " + next);
      }
    }
  }

  private static void readAs(Direction direction, ByteBuf message) {
    int before = message.readerIndex();
    try {
      byte type = message.getByte(before);
      switch (direction) {
        case FROM_CLIENT -> readClient(type, message);
        case FROM_SERVER -> readServer(type, message);
      }
    } catch (DecoderException e) {
      assertThat(e).isInstanceOf(MalformedMessage.class);
    }
    assertThat(message.readerIndex()).isEqualTo(before);
  }

  private static void readClient(byte type, ByteBuf message) {
    switch (type) {
      case FrontendType.QUERY -> FrontendMessages.readQuery(message);
      case FrontendType.PARSE -> FrontendMessages.readParse(message);
      case FrontendType.BIND -> FrontendMessages.readBind(message);
      case FrontendType.DESCRIBE -> FrontendMessages.readDescribe(message);
      case FrontendType.CLOSE -> FrontendMessages.readClose(message);
      case FrontendType.EXECUTE -> FrontendMessages.readExecute(message);
      case FrontendType.FUNCTION_CALL -> FrontendMessages.readFunctionCall(message);
      case FrontendType.COPY_FAIL -> FrontendMessages.readCopyFail(message);
      case FrontendType.PASSWORD -> FrontendMessages.readSaslInitialResponse(message);
      default -> assertThat("dcHSX").contains(String.valueOf((char) type));
    }
  }

  private static void readServer(byte type, ByteBuf message) {
    switch (type) {
      case BackendType.AUTHENTICATION -> Authentication.read(message);
      case BackendType.BACKEND_KEY_DATA -> BackendMessages.readBackendKeyData(message);
      case BackendType.COMMAND_COMPLETE -> BackendMessages.readCommandComplete(message);
      case BackendType.DATA_ROW -> BackendMessages.readDataRow(message);
      case BackendType.ERROR_RESPONSE, BackendType.NOTICE_RESPONSE -> ErrorFields.read(message);
      case BackendType.NEGOTIATE_PROTOCOL_VERSION ->
          BackendMessages.readNegotiateProtocolVersion(message);
      case BackendType.NOTIFICATION_RESPONSE -> BackendMessages.readNotificationResponse(message);
      case BackendType.PARAMETER_DESCRIPTION -> BackendMessages.readParameterDescription(message);
      case BackendType.PARAMETER_STATUS -> BackendMessages.readParameterStatus(message);
      case BackendType.READY_FOR_QUERY -> BackendMessages.readReadyForQuery(message);
      case BackendType.ROW_DESCRIPTION -> BackendMessages.readRowDescription(message);
      case BackendType.COPY_BOTH_RESPONSE,
          BackendType.COPY_IN_RESPONSE,
          BackendType.COPY_OUT_RESPONSE ->
          BackendMessages.readCopyResponse(message, type);
      default -> assertThat("123nsIVdc").contains(String.valueOf((char) type));
    }
  }
}
