package dev.baton.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.model.LogPosition;
import org.junit.jupiter.api.Test;

/// Claims 1 to 4: redundancy is decided by comparing the locations of request and log.
class CoverageTest {
  private static final LogPosition STAMP = LogPosition.parse("1/0");

  @Test
  void aCommitThatEndsAfterTheStampCoversTheRequest() {
    assertThat(Coverage.covers(STAMP, STAMP.plus(1))).isTrue();
  }

  /// Fails when `covers` takes "at" for "after", in either direction of the planted error.
  @Test
  void aCommitThatEndsAtTheStampWasThereBeforeTheRequest() {
    assertThat(Coverage.covers(STAMP, STAMP)).isFalse();
  }

  @Test
  void logBeforeTheStampCannotCoverTheRequest() {
    assertThat(Coverage.covers(STAMP, STAMP.plus(-1))).isFalse();
  }

  @Test
  void theSequenceCountsBeforeTheOffset() {
    assertThat(Coverage.covers(new LogPosition(1, 0xFFFF_FFFFL), new LogPosition(2, 0))).isTrue();
    assertThat(Coverage.covers(new LogPosition(2, 0), new LogPosition(1, 0xFFFF_FFFFL))).isFalse();
  }

  @Test
  void positionsAreUnsigned() {
    assertThat(Coverage.covers(LogPosition.of(Long.MAX_VALUE), LogPosition.of(Long.MIN_VALUE)))
        .isTrue();
  }
}
