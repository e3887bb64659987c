package dev.baton.service.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.core.cluster.LeaseStamp;
import dev.baton.core.cluster.ServiceRecord;
import dev.baton.core.cluster.ServiceRecord.Phase;
import dev.baton.model.Durability;
import dev.baton.model.LogPosition;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A wrong fate is worse than none: only the epoch just before is told of, in which this host was
/// home as it is now.
class OwnPastTest {
  private final OwnPast past = new OwnPast("a");

  @Test
  void tellsOfTheEpochBeforeAfterThisHostCameUpAgain() {
    past.seen(record("a", 4, Phase.OPEN, 1));
    assertThat(past.tells(4)).isFalse();
    past.seen(record("a", 5, Phase.TAKING, 1));
    assertThat(past.isOver(4)).isFalse();
    past.seen(record("a", 5, Phase.OPEN, 1));
    assertThat(past.isOver(4)).isTrue();
    assertThat(past.tells(4)).isTrue();
    assertThat(past.tells(3)).isFalse();
    assertThat(past.tells(5)).isFalse();
    assertThat(past.tells(0)).isFalse();
  }

  @Test
  void tellsNothingWhenAnotherTookOverInBetween() {
    past.seen(record("a", 4, Phase.OPEN, 1));
    past.seen(record("b", 5, Phase.OPEN, 5));
    past.seen(record("a", 6, Phase.OPEN, 6));
    assertThat(past.tells(4)).isFalse();
    assertThat(past.tells(5)).isFalse();
  }

  @Test
  void tellsNothingWhenThatMayHaveBeenMissed() {
    past.seen(record("a", 4, Phase.OPEN, 1));
    past.seen(record("a", 6, Phase.OPEN, 6));
    assertThat(past.tells(4)).isFalse();
  }

  @Test
  void tellsNothingWhenItCameUpMoreThanOnceOrWasNotThere() {
    past.seen(record("a", 4, Phase.OPEN, 1));
    past.seen(record("a", 6, Phase.OPEN, 1));
    assertThat(past.tells(4)).isFalse();
    OwnPast late = new OwnPast("a");
    late.seen(record("a", 5, Phase.TAKING, 1));
    late.seen(record("a", 5, Phase.OPEN, 1));
    assertThat(late.tells(4)).isFalse();
  }

  private static ServiceRecord record(String home, long epoch, Phase phase, long lineage) {
    return new ServiceRecord(
        (int) epoch,
        "demo",
        "app",
        home,
        epoch,
        phase,
        epoch,
        new TreeMap<>(),
        epoch,
        lineage,
        0,
        LogPosition.ZERO,
        null,
        0,
        Durability.REPLICATION,
        0,
        new LeaseStamp(0, 0));
  }
}
