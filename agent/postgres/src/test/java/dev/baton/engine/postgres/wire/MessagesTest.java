package dev.baton.engine.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MessagesTest {
  @Test
  void whatIsWrittenOfAClientIsRead() {
    assertThat(roundTrip(o -> FrontendMessages.query(o, "SELECT 1"), FrontendMessages::readQuery))
        .isEqualTo("SELECT 1");
    assertThat(
            roundTrip(
                o -> FrontendMessages.parse(o, "s", "SELECT $1", List.of(23, 0)),
                FrontendMessages::readParse))
        .isEqualTo(new FrontendMessages.Parse("s", "SELECT $1", List.of(23, 0)));
    assertThat(
            roundTrip(
                o -> FrontendMessages.bind(o, "p", "s", Arrays.asList("1", null)),
                FrontendMessages::readBind))
        .isEqualTo(new FrontendMessages.Bind("p", "s"));
    assertThat(
            roundTrip(
                o -> FrontendMessages.close(o, FrontendMessages.Target.STATEMENT, "s"),
                FrontendMessages::readClose))
        .isEqualTo(new FrontendMessages.Close(FrontendMessages.Target.STATEMENT, "s"));
    assertThat(roundTrip(o -> FrontendMessages.execute(o, "p", 7), FrontendMessages::readExecute))
        .isEqualTo(new FrontendMessages.Execute("p", 7));
    assertThat(roundTrip(o -> FrontendMessages.copyFail(o, "stop"), FrontendMessages::readCopyFail))
        .isEqualTo("stop");
  }

  @Test
  void whatIsWrittenOfAServerIsRead() {
    assertThat(
            roundTrip(
                o -> BackendMessages.parameterStatus(o, "TimeZone", "UTC"),
                BackendMessages::readParameterStatus))
        .isEqualTo(new BackendMessages.ParameterStatus("TimeZone", "UTC"));
    assertThat(
            roundTrip(
                o -> BackendMessages.readyForQuery(o, TransactionStatus.FAILED),
                BackendMessages::readReadyForQuery))
        .isEqualTo(TransactionStatus.FAILED);
    List<BackendMessages.Column> columns =
        List.of(BackendMessages.Column.text("a"), BackendMessages.Column.int8("b"));
    assertThat(
            roundTrip(
                o -> BackendMessages.rowDescription(o, columns),
                BackendMessages::readRowDescription))
        .isEqualTo(columns);
    List<@org.jspecify.annotations.Nullable String> row = Arrays.asList("ä", null, "");
    assertThat(roundTrip(o -> BackendMessages.dataRow(o, row), BackendMessages::readDataRow))
        .isEqualTo(row);
    assertThat(
            roundTrip(
                o -> BackendMessages.negotiateProtocolVersion(o, 3 << 16 | 2, List.of("_pq_.x")),
                BackendMessages::readNegotiateProtocolVersion))
        .isEqualTo(new BackendMessages.NegotiateProtocolVersion(3 << 16 | 2, List.of("_pq_.x")));
    BackendMessages.CopyResponse copy = new BackendMessages.CopyResponse(true, List.of(1, 1));
    BackendMessages.CopyResponse readCopy =
        roundTrip(
            o -> BackendMessages.copyResponse(o, BackendType.COPY_IN_RESPONSE, copy),
            m -> BackendMessages.readCopyResponse(m, BackendType.COPY_IN_RESPONSE));
    assertThat(readCopy).isEqualTo(copy);
    Authentication sasl = new Authentication.Sasl(List.of("SCRAM-SHA-256"));
    assertThat(roundTrip(sasl::write, Authentication::read)).isEqualTo(sasl);
  }

  @Test
  void aCancelKeyHasAnyLengthOfProtocol32() {
    for (int length : new int[] {4, 32, 256}) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 7);
      SecretBytes key = SecretBytes.of(bytes);
      BackendMessages.BackendKeyData read =
          roundTrip(
              o -> BackendMessages.backendKeyData(o, 99, key), BackendMessages::readBackendKeyData);
      assertThat(read.processId()).isEqualTo(99);
      assertThat(read.key()).isEqualTo(key);
    }
    assertThatThrownBy(
            () ->
                roundTrip(
                    o -> BackendMessages.backendKeyData(o, 99, SecretBytes.of(new byte[257])),
                    BackendMessages::readBackendKeyData))
        .isInstanceOf(MalformedMessage.class);
  }

  @Test
  void errorsKeepTheirFieldsInOrderAndUnknownOnesToo() {
    Map<Character, String> fields = new LinkedHashMap<>();
    fields.put('S', "FEHLER");
    fields.put('V', "ERROR");
    fields.put('C', "42601");
    fields.put('M', ByteStrings.of("Syntaxfehler bei »x«"));
    fields.put('P', "8");
    fields.put('~', "of the future");
    ErrorFields error = roundTrip(new ErrorFields(fields)::writeError, ErrorFields::read);
    assertThat(error.fields()).containsExactlyEntriesOf(fields);
    assertThat(error.severity()).isEqualTo("ERROR");
    assertThat(error.message()).isEqualTo("Syntaxfehler bei »x«");
    assertThat(error.position()).isEqualTo("8");
    assertThat(error.isFatal()).isFalse();
  }

  @Test
  void anErrorWithoutFieldsHasACode() {
    ErrorFields error = roundTrip(new ErrorFields(Map.of())::writeError, ErrorFields::read);
    assertThat(error.code()).isEqualTo("XX000");
    assertThat(error.message()).isEmpty();
  }

  @Test
  void namesThatAreNoUtf8StayTwoDifferentNames() {
    String name = "\u00e9";
    String other = "\u00e8";
    String read =
        roundTrip(o -> FrontendMessages.parse(o, name, "", List.of()), MessagesTest::parseName);
    assertThat(read).isEqualTo(name).isNotEqualTo(other);
  }

  @Test
  void aTextThatCannotStandInAMessageIsRefused() {
    ByteBuf out = Unpooled.buffer();
    assertThatThrownBy(() -> FrontendMessages.query(out, "a\0b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("character 0 at 1 cannot stand in a message");
    assertThatThrownBy(() -> FrontendMessages.query(out, "€"))
        .isInstanceOf(IllegalArgumentException.class);
    out.release();
  }

  @Test
  void bodiesThatDoNotFitTheirTypeAreRefused() {
    assertMalformed(raw('Q', "no terminator"), FrontendMessages::readQuery, "without terminator");
    assertMalformed(raw('Q', "a\0b\0"), FrontendMessages::readQuery, "2 bytes too many");
    assertMalformed(raw('D', "Xname\0"), FrontendMessages::readDescribe, "neither statement");
    assertMalformed(raw('P', "\0\0\u00ff\u00ff"), FrontendMessages::readParse, "4 bytes needed");
    assertMalformed(
        raw('D', "\0\u0001\u00ff\u00ff\u00ff\u00fe"), BackendMessages::readDataRow, "negative");
    assertMalformed(raw('Z', "?"), BackendMessages::readReadyForQuery, "transaction status 63");
    assertMalformed(raw('E', "SERROR\0"), ErrorFields::read, "1 bytes needed, 0 left");
    assertMalformed(raw('Z', "I"), FrontendMessages::readQuery, "expected Query");
  }

  @Test
  void startupPacketsAreReadAndTheirTerminatorIsRequired() {
    ByteBuf out = Unpooled.buffer();
    StartupPacket.writeStartup(out, StartupPacket.VERSION_3_2, Map.of("user", "alice"));
    assertThat(StartupPacket.packetBytes(out)).isEqualTo(out.readableBytes());
    StartupPacket.Startup startup = (StartupPacket.Startup) StartupPacket.read(out);
    out.release();
    assertThat(startup.major()).isEqualTo(3);
    assertThat(startup.minor()).isEqualTo(2);
    assertThat(startup.parameters()).containsExactly(Map.entry("user", "alice"));

    for (String body : new String[] {"", "user", "user\0", "user\0alice\0", "user\0alice\0\0\0"}) {
      StartupPacket.Startup broken = new StartupPacket.Startup(StartupPacket.VERSION_3_0, body);
      assertThatThrownBy(broken::parameters)
          .as(body)
          .isInstanceOf(MalformedMessage.class)
          .hasMessageContaining("expected terminator as last byte");
    }
  }

  @Test
  void startupLengthsAreBounded() {
    for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 7, 10_005, 0x47455420}) {
      ByteBuf in = Unpooled.buffer().writeInt(length);
      assertThatThrownBy(() -> StartupPacket.packetBytes(in))
          .isInstanceOf(MalformedMessage.class)
          .hasMessage("invalid length of startup packet: " + length);
    }
  }

  private static String parseName(ByteBuf message) {
    return FrontendMessages.readParse(message).statement();
  }

  private static void assertMalformed(ByteBuf message, Consumer<ByteBuf> reader, String what) {
    assertThatThrownBy(() -> reader.accept(message))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining(what);
    message.release();
  }

  private static ByteBuf raw(char type, String body) {
    ByteBuf message = Unpooled.buffer().writeByte(type).writeInt(4 + body.length());
    message.writeCharSequence(body, java.nio.charset.StandardCharsets.ISO_8859_1);
    return message;
  }

  private static <T> T roundTrip(Consumer<ByteBuf> writer, Function<ByteBuf, T> reader) {
    ByteBuf message = Unpooled.buffer();
    try {
      writer.accept(message);
      assertThat(message.getInt(1)).isEqualTo(message.readableBytes() - 1);
      return reader.apply(message);
    } finally {
      message.release();
    }
  }
}
