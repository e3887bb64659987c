package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.wire.BackendMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which sequence is restarted where, for a replay to answer what the client was told.
final class GeneratedKeysTest {
  private final GeneratedKeys keys = new GeneratedKeys();

  @Test
  void equalNumbersAskForNothing() {
    keys.compare(rows("7", "8"), rows("7", "8"));
    assertThat(keys.question()).isNull();
  }

  @Test
  void textThatIsNoNumberAsksForNothing() {
    keys.compare(rows("seven"), rows("eight"));
    assertThat(keys.question()).isNull();
  }

  @Test
  void aSequenceIsRestartedAtTheFirstOfSeveralKeys() {
    keys.compare(rows("5", "6", "7"), rows("38", "39", "40"));
    assertThat(keys.found("s", 1, 40)).isTrue();
    assertThat(keys.before()).contains("ALTER SEQUENCE s RESTART WITH 5");
  }

  @Test
  void theIncrementTellsWhichKeysAreOfOneSequence() {
    keys.compare(rows("100", "90"), rows("60", "50"));
    assertThat(keys.found("s", -10, 50)).isTrue();
    assertThat(keys.before()).contains("ALTER SEQUENCE s RESTART WITH 100");
    assertThat(keys.after()).singleElement().asString().contains("least(");
  }

  @Test
  void aBinaryKeyIsRead() {
    AnswerDigest given = new AnswerDigest();
    AnswerDigest now = new AnswerDigest();
    add(given, binary(5));
    add(now, binary(38));
    keys.compare(given, now);
    assertThat(keys.question()).endsWith("IN (38)");
  }

  @Test
  void aSequenceThatWasFoundBeforeLeadsToNothingNew() {
    keys.compare(rows("5"), rows("38"));
    assertThat(keys.found("s", 1, 38)).isTrue();
    assertThat(keys.found("s", 1, 38)).isFalse();
    assertThat(keys.found("other", 1, 99)).isFalse();
  }

  private static AnswerDigest rows(String... values) {
    AnswerDigest digest = new AnswerDigest();
    for (String value : values) {
      ByteBuf row = Unpooled.buffer();
      BackendMessages.dataRow(row, List.of(value));
      add(digest, row);
    }
    return digest;
  }

  private static ByteBuf binary(long value) {
    byte[] body =
        ByteBuffer.allocate(19)
            .put((byte) 'D')
            .putInt(18)
            .putShort((short) 1)
            .putInt(Long.BYTES)
            .putLong(value)
            .array();
    return Unpooled.wrappedBuffer(body);
  }

  private static void add(AnswerDigest digest, ByteBuf row) {
    digest.keepRows();
    digest.add(row);
    row.release();
  }
}
