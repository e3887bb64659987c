package dev.baton.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.engine.Instance.Going;
import dev.baton.model.Json;
import dev.baton.model.LogPosition;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerMessageTest {
  static Stream<PeerMessage> messages() {
    LogPosition position = LogPosition.parse("16/B374D848");
    return Stream.of(
        new PeerMessage.HomeGoing(1, 2, Going.Cause.FROZEN, "silent", 300),
        new PeerMessage.HomeGoing(1, 2, null, "asked for", 0),
        new PeerMessage.Fenced(1, 2, 3, position, null, "asked for", 0),
        new PeerMessage.Fenced(1, 2, 0, null, Going.Cause.DIED, "gone", 5),
        new PeerMessage.Drain(1, 3, "b", 100),
        new PeerMessage.Drained(1, 3),
        new PeerMessage.Fence(1, 2, 3),
        new PeerMessage.Undone(1, 3),
        new PeerMessage.Refused(1, 3, "no"),
        new PeerMessage.JoinAt(1, 2, 4, position),
        new PeerMessage.AskInMemory(1, 2, 4, position),
        new PeerMessage.HasInMemory(1, 4, position),
        new PeerMessage.RecordChanged(1));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void comesBackFromJsonAsItWas(PeerMessage message) {
    String json = Json.MAPPER.writerFor(PeerMessage.class).writeValueAsString(message);
    assertThat(json).contains("\"type\":\"" + message.getClass().getSimpleName() + "\"");
    assertThat(Json.MAPPER.readValue(json, PeerMessage.class)).isEqualTo(message);
  }
}
