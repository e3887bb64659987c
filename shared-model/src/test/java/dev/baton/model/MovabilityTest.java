package dev.baton.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MovabilityTest {
  @Test
  void isReadAsItWasWritten() {
    Movability planned = Movability.onlyPlanned("why", "what to do");
    assertThat(read(Json.MAPPER.writeValueAsString(planned))).isEqualTo(planned);
  }

  @Test
  void ofAnEarlierVersionIsTheSameInEveryMove() {
    assertThat(read("{\"movable\":true,\"reason\":null,\"remedy\":null}"))
        .isEqualTo(Movability.MOVABLE);
    assertThat(read("{\"movable\":false,\"reason\":\"a\",\"remedy\":\"b\"}"))
        .isEqualTo(Movability.not("a", "b"));
  }

  private static Movability read(String json) {
    return Json.MAPPER.readValue(json, Movability.class);
  }
}
