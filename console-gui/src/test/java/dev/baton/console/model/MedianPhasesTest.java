package dev.baton.console.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.fake.PretendCluster;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MedianPhasesTest {
  private final PretendCluster cluster = new PretendCluster(Map.of());

  @Test
  void onlyEarlierMovesThatWereDoneCount() {
    MoveView first = cluster.move(1, "done", 9);
    MoveView failed = cluster.move(2, "failed", 9);
    MoveView now = cluster.move(3, "done", 9);
    MoveView later = cluster.move(4, "done", 9);

    MedianPhases medians = MedianPhases.before(now, List.of(later, now, failed, first));
    assertThat(medians.moves()).isEqualTo(1);
    assertThat(medians.of(MovePhase.HOLD)).isEqualTo(first.phases().get(2).millis());
    assertThat(medians.of(MovePhase.REJOIN)).isNaN();
    assertThat(MedianPhases.before(first, List.of(now)).moves()).isZero();
  }
}
