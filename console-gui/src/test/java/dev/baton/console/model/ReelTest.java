package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.PretendCluster;
import dev.baton.model.recording.StreamPicture;
import dev.baton.model.view.StreamMessage;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReelTest {
  private final PretendCluster cluster = new PretendCluster(Map.of());
  private final StreamPicture picture = new StreamPicture();
  private final Reel reel = new Reel();

  private void tell(long atMillis) {
    cluster.change(c -> c.epoch = atMillis);
    picture.apply(cluster.snapshot());
    reel.offer(atMillis, picture);
  }

  private long epochAt(long millis) {
    StreamMessage told = reel.at(millis).orElseThrow().told();
    return Objects.requireNonNull(told.status()).services().getFirst().epoch();
  }

  @Test
  void aMomentIsTheNewestFrameAtOrBeforeIt() {
    for (long at = 10_000; at <= 15_000; at += 250) {
      tell(at);
    }
    assertThat(reel.size()).isEqualTo(6); // one a second
    assertThat(reel.at(9_999)).isEmpty();
    assertThat(epochAt(10_000)).isEqualTo(10_000);
    assertThat(epochAt(12_999)).isEqualTo(12_000);
    assertThat(epochAt(99_000)).isEqualTo(15_000);
  }

  @Test
  void sessionsAreKeptMoreRarelyAndStandInForTheFramesBetween() {
    cluster.change(c -> c.sessions = 3);
    tell(10_000);
    cluster.change(c -> c.sessions = 5);
    tell(11_000);
    tell(12_000);
    assertThat(reel.at(11_500).orElseThrow().told().sessions()).hasSize(3);
    assertThat(reel.at(12_000).orElseThrow().told().sessions()).hasSize(5);
  }

  @Test
  void whatIsOlderThanAnHourIsForgottenAndManySessionsStayWithinTheBound() {
    cluster.change(c -> c.sessions = 1_000);
    long rows = 0;
    for (long at = 0; at <= 2 * Reel.SPAN_MILLIS; at += 10_000) {
      tell(at);
    }
    assertThat(reel.lastMillis() - reel.firstMillis()).isLessThanOrEqualTo(Reel.SPAN_MILLIS);
    for (long at = reel.firstMillis(); at <= reel.lastMillis(); at += 10_000) {
      rows =
          Math.max(
              rows, Objects.requireNonNull(reel.at(at).orElseThrow().told().sessions()).size());
    }
    assertThat(rows).isEqualTo(1_000);
  }
}
