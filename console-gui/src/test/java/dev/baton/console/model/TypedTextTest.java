package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Moments and windows as an operator types them.
class TypedTextTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2026-07-01T20:30:00Z"); // 22:30 in Berlin

  @ParameterizedTest
  @CsvSource({
    "+90min, 2026-07-01T22:00:00Z",
    "+2h, 2026-07-01T22:30:00Z",
    "+1d, 2026-07-02T20:30:00Z",
    "23:00, 2026-07-01T21:00:00Z",
    "22:00, 2026-07-02T20:00:00Z", // the next one is tomorrow's
    "2026-12-31 22:00, 2026-12-31T21:00:00Z" // winter time
  })
  void momentsAreReadInTheOperatorsZone(String typed, Instant meant) {
    assertThat(MomentText.parse(typed, NOW, BERLIN)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "25:00", "+2", "+2weeks", "2026-13-01 10:00", "-1h"})
  void whatIsNoMomentIsRefusedWithItsWords(String typed) {
    assertThatThrownBy(() -> MomentText.parse(typed, NOW, BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(typed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "22:00-04:00 Europe/Berlin",
        "sat,sun 22:00-04:00 Europe/Berlin",
        "mon 01:00-02:00 Z; fri 22:00-23:30 Europe/Berlin",
        ""
      })
  void windowsAreWrittenAsTheyAreRead(String text) {
    assertThat(WindowText.of(WindowText.parse(text))).isEqualTo(text);
  }

  @Test
  void aWindowWithoutAZoneIsInThisMachines() {
    assertThat(WindowText.parse("22:00-04:00"))
        .singleElement()
        .satisfies(window -> assertThat(window.zone()).isEqualTo(ZoneId.systemDefault()))
        .satisfies(window -> assertThat(window.days()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"22:00", "someday 22:00-04:00", "22:00-04:00 Mars/Base", "sat 22:00-04:00 Z x"})
  void whatIsNoWindowIsRefused(String text) {
    assertThatThrownBy(() -> WindowText.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void daysAreInTheOrderOfTheWeek() {
    assertThat(WindowText.of(WindowText.parse("sun,mon 01:00-02:00 Z")))
        .isEqualTo("mon,sun 01:00-02:00 Z");
    assertThat(WindowText.parse(" ; ")).isEqualTo(List.of());
  }
}
