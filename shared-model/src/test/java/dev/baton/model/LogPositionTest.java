package dev.baton.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Claim 5: a location is a sequence number and an offset.
class LogPositionTest {
  @Test
  void printsAsPostgresqlDoes() {
    assertThat(LogPosition.of(0x16_B374D848L)).hasToString("16/B374D848");
    assertThat(LogPosition.parse("16/B374D848")).isEqualTo(new LogPosition(0x16, 0xB374D848L));
  }

  @Test
  void isOrderedBySequenceThenOffset() {
    LogPosition endOfFirst = new LogPosition(0, 0xFFFF_FFFFL);
    LogPosition startOfSecond = new LogPosition(1, 0);
    assertThat(endOfFirst).isLessThan(startOfSecond);
    assertThat(startOfSecond.bytesSince(endOfFirst)).isEqualTo(1);
    assertThat(endOfFirst.plus(1)).isEqualTo(startOfSecond);
  }

  @Test
  void standsInJsonAsText() {
    assertThat(Json.MAPPER.writeValueAsString(LogPosition.of(0x1A0))).isEqualTo("\"0/1A0\"");
    assertThat(Json.MAPPER.readValue("\"0/1A0\"", LogPosition.class))
        .isEqualTo(LogPosition.of(0x1A0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "0/", "/0", "x/0", "0/123456789", "123456789/0", "1A0", "0/-1"})
  void refusesWhatIsNoPosition(String text) {
    assertThatThrownBy(() -> LogPosition.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
