package dev.baton.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.policy.HostFacts.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StrengthTest {
  private static Configuration with(String version) {
    return new Configuration(4, 1L << 34, 1L << 40, version);
  }

  @ParameterizedTest
  @CsvSource({
    "18.4, 18.10, true",
    "17.9, 18.0, true",
    "18.4, 18.4, false",
    "18.10, 18.4, false",
    "PostgreSQL 18.4 (Debian 18.4-1), 18.5, true",
    "'', 18.5, false",
    "unknown, 18.5, false",
  })
  void versionsAreComparedByTheirNumbers(String first, String second, boolean worse) {
    assertThat(Strength.of(with(first), with(second)).isWorse()).isEqualTo(worse);
  }

  @Test
  void aLittleLessMemoryIsNotNoticed() {
    Configuration first = new Configuration(4, 15L << 30, 1, "18.4");
    Configuration second = new Configuration(4, 16L << 30, 1, "18.4");
    assertThat(Strength.of(first, second)).isEqualTo(Strength.UNKNOWN);
  }

  @Test
  void whatIsNotKnownIsNotCompared() {
    assertThat(Strength.of(null, with("18.4"))).isEqualTo(Strength.UNKNOWN);
  }
}
