package dev.baton.console.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "1234, 1.2 kB",
    "123456, 123 kB",
    "999999, 1.0 MB",
    "5300000000, 5.3 GB",
    "-2048, -2.0 kB"
  })
  void bytesAreShort(double bytes, String shown) {
    assertThat(Units.bytes(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "0.44, 0.4 ms",
    "12.4, 12 ms",
    "1500, 1.5 s",
    "61000, 1 min 1 s",
    "7500000, 2 h 5 min"
  })
  void durationsHaveTheUnitThatFits(double millis, String shown) {
    assertThat(Units.millis(millis)).isEqualTo(shown);
  }

  @Test
  void agesAreInWholeSeconds() {
    assertThat(Units.age(400)).isEqualTo("< 1 s");
    assertThat(Units.age(5_900)).isEqualTo("5 s");
    assertThat(Units.age(65_000)).isEqualTo("1 min 5 s");
  }
}
