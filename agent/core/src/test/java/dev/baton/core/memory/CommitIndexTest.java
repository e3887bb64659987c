package dev.baton.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.model.LogPosition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitIndexTest {
  @Test
  void findsAnIdOf64BitsByThe32ThatStandInTheLog() {
    CommitIndex index = new CommitIndex(8);
    index.put(0xFFFF_FFF0L, LogPosition.of(100));
    assertThat(index.end(0x7_FFFF_FFF0L)).isEqualTo(LogPosition.of(100));
    assertThat(index.end(0x7_FFFF_FFF1L)).isNull();
  }

  @Test
  void isCommittedOnlyByLogUpToTheSettledPosition() {
    CommitIndex index = new CommitIndex(8);
    index.put(7, LogPosition.of(100));
    assertThat(index.committed(7, LogPosition.of(99))).contains(false);
    assertThat(index.committed(7, LogPosition.of(100))).contains(true);
    assertThat(index.committed(8, LogPosition.of(100))).contains(false);
  }

  @Test
  void doesNotGuessAboutWhatMayHaveLeftTheWindow() {
    CommitIndex index = new CommitIndex(2);
    index.put(5, LogPosition.of(10));
    index.put(6, LogPosition.of(20));
    index.put(7, LogPosition.of(30));
    assertThat(index.committed(5, LogPosition.of(40))).isEmpty();
    assertThat(index.committed(4, LogPosition.of(40))).isEmpty();
    assertThat(index.committed(6, LogPosition.of(40))).contains(true);
    assertThat(index.committed(8, LogPosition.of(40))).contains(false);
  }

  @Test
  void ordersIdsAcrossTheirWrapAround() {
    CommitIndex index = new CommitIndex(1);
    index.put(0xFFFF_FFFFL, LogPosition.of(10));
    index.put(3, LogPosition.of(20));
    assertThat(index.committed(0xFFFF_FFFFL, LogPosition.of(40))).isEmpty();
    assertThat(index.committed(4, LogPosition.of(40))).contains(false);
  }

  @Test
  void refusesACommitAtTheStartOfAllLogs() {
    CommitIndex index = new CommitIndex(1);
    assertThatThrownBy(() -> index.put(1, LogPosition.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Against a map and a list; ids come again, so that values are replaced and evicted late.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 1500, 4096})
  void agreesWithANaiveWindow(int bound) {
    Random random = new Random(bound);
    CommitIndex index = new CommitIndex(bound);
    Map<Integer, Long> ends = new HashMap<>();
    Deque<int[]> window = new ArrayDeque<>();
    for (int i = 1; i <= 20_000; i++) {
      int id = random.nextInt(6000) * (random.nextBoolean() ? 1 : 0x10001);
      index.put(id, LogPosition.of(i));
      ends.put(id, (long) i);
      window.add(new int[] {id, i});
      if (window.size() > bound) {
        int[] oldest = window.removeFirst();
        ends.remove(oldest[0], (long) oldest[1]);
      }
      int asked = random.nextInt(6000) * (random.nextBoolean() ? 1 : 0x10001);
      Long expected = ends.get(asked);
      assertThat(index.end(asked))
          .as("bound %d, step %d, id %d", bound, i, asked)
          .isEqualTo(expected == null ? null : LogPosition.of(expected));
    }
    assertThat(index.indexed()).isEqualTo(20_000);
  }
}
