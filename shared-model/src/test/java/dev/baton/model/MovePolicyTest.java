package dev.baton.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.MovePolicy.Mode;
import dev.baton.model.MovePolicy.Window;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MovePolicyTest {
  private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");

  /// Saturday nights, 22:00 to 04:00 local time.
  private static final Window NIGHT =
      new Window(Set.of(DayOfWeek.SATURDAY), LocalTime.of(22, 0), LocalTime.of(4, 0), VIENNA);

  @ParameterizedTest
  @CsvSource({
    "2026-03-07T21:59+01:00, false",
    "2026-03-07T22:00+01:00, true",
    "2026-03-08T03:59+01:00, true",
    "2026-03-08T04:00+01:00, false",
    "2026-03-08T22:30+01:00, false",
    "2026-03-07T03:00+01:00, false",
    "2026-03-07T21:30Z, true",
  })
  void aWindowOverMidnightBelongsToTheDayOnWhichItBegins(String moment, boolean open) {
    assertThat(with(NIGHT).isOpen(ZonedDateTime.parse(moment))).isEqualTo(open);
  }

  @Test
  void withoutWindowsItIsAlwaysOpen() {
    assertThat(MovePolicy.DEFAULT.isOpen(ZonedDateTime.parse("2026-03-07T21:59Z"))).isTrue();
  }

  @Test
  void goesThroughJson() {
    MovePolicy policy = with(NIGHT);
    String text = Json.MAPPER.writeValueAsString(policy);
    assertThat(Json.MAPPER.readValue(text, MovePolicy.class)).isEqualTo(policy);
    assertThat(text).contains("\"automatic\"");
  }

  @Test
  void saysWhatIsOutOfBounds() {
    assertThatThrownBy(
            () -> new MovePolicy(1, Mode.OBSERVE, 60, 60, 1, 15, 1, 1, 1, List.of(), List.of()))
        .hasMessageContaining("lowPercent");
    assertThatThrownBy(() -> Mode.parse("auto"))
        .hasMessageContaining("manual, observe or automatic");
  }

  private static MovePolicy with(Window window) {
    return new MovePolicy(
        7, Mode.AUTOMATIC, 85, 60, 60, 15, 600, 1, 1, List.of("b"), List.of(window));
  }
}
