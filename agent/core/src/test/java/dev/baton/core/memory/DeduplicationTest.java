package dev.baton.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.baton.core.route.RequestLog.Ending;
import dev.baton.model.LogPosition;
import dev.baton.model.Stamp;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// Claims 1, 3 and 4: stamped requests against the commits in the log.
class DeduplicationTest {
  private static final String FRONT = "w";
  private final CommitIndex index = new CommitIndex(1000);
  private final Deduplication memory = new Deduplication(100_000, index);

  @Test
  void aRequestIsPurgedWhenTheLogReachesItsTransactionsCommit() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    stamped(1, 2, 1, 120, "COMMIT");
    assertThat(memory.counts().held()).isEqualTo(2);
    committed(77, 200);
    assertThat(memory.counts().purged()).isEqualTo(2);
    assertNothingHeld();
  }

  /// Fails when `Coverage.covers` is off by one.
  @Test
  void aCommitAtTheStampLeavesTheRequestHeldAndOneByteLaterPurgesIt() {
    stamped(1, 1, 1, 200, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    committed(77, 200);
    assertThat(memory.counts().held()).isEqualTo(1);
    committed(77, 201);
    assertNothingHeld();
  }

  @Test
  void theCommitOfAnotherTransactionCoversNothing() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    committed(78, 200);
    assertThat(memory.counts().held()).isEqualTo(1);
  }

  @Test
  void theLogMayComeBeforeTheNameOfTheTransaction() {
    stamped(1, 1, 1, 100, "INSERT");
    committed(77, 200);
    memory.identified(FRONT, 1, 1, 0x5_0000_004DL);
    assertNothingHeld();
  }

  @Test
  void theLogMayComeBeforeTheStampOfTheCommitThatCausedIt() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    committed(77, 200);
    stamped(1, 2, 1, 120, "COMMIT");
    assertThat(memory.counts().purged()).isEqualTo(2);
    memory.ended(FRONT, 1, 1, Ending.COMMITTED);
    assertNothingHeld();
  }

  @Test
  void aRequestStampedAfterTheCommitIsNotCoveredByIt() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    committed(77, 200);
    stamped(1, 2, 1, 200, "INSERT");
    assertThat(memory.counts().held()).isEqualTo(1);
  }

  @Test
  void answeredCommitsStayUntilTheLogCoversThem() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    memory.ended(FRONT, 1, 1, Ending.COMMITTED);
    assertThat(memory.counts().held()).isEqualTo(1);
    stamped(1, 2, 2, 110, "SELECT");
    memory.ended(FRONT, 1, 2, Ending.READ_ONLY);
    committed(77, 200);
    assertNothingHeld();
    assertThat(memory.counts().purged()).isEqualTo(2);
  }

  @Test
  void whatWroteNothingOrWasRolledBackIsPurgedAtOnce() {
    stamped(1, 1, 1, 100, "SELECT");
    memory.ended(FRONT, 1, 1, Ending.READ_ONLY);
    stamped(2, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 2, 1, 77);
    memory.ended(FRONT, 2, 1, Ending.ROLLED_BACK);
    assertThat(memory.counts().purged()).isEqualTo(2);
    assertNothingHeld();
  }

  @Test
  void forwardedRequestsMakeTheLogOfTheirTransactionCountForNothing() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    memory.changed(77, 60);
    memory.changed(77, 40);
    memory.changed(78, 5);
    memory.forwarded(FRONT, 1, 1);
    assertThat(memory.counts().forwarded()).isEqualTo(1);
    assertThat(memory.counts().logBytesPurged()).isEqualTo(100);
    assertNothingHeld();
  }

  @Test
  void logOfACommittedOrAbortedTransactionIsNotCountedAsPurged() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    memory.changed(77, 60);
    memory.aborted(new long[] {77});
    memory.forwarded(FRONT, 1, 1);
    assertThat(memory.counts().logBytesPurged()).isZero();
  }

  @Test
  void aSubtransactionsCommitRecordNamesItsTransactionToo() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.identified(FRONT, 1, 1, 77);
    memory.committed(new long[] {70, 77}, LogPosition.of(200));
    assertNothingHeld();
  }

  @Test
  void twoFrontsMayUseTheSameSessionNumbers() {
    stamped(1, 1, 1, 100, "INSERT");
    memory.stamped("a", stamp(1, 1, 100), 1, bytes("INSERT"), 0);
    memory.forgetFront("a");
    assertThat(memory.counts().held()).isEqualTo(1);
    assertThat(memory.counts().discarded()).isEqualTo(1);
  }

  @Test
  void requestNumbersRiseWithinASession() {
    stamped(1, 5, 5, 100, "INSERT");
    assertThatThrownBy(() -> stamped(1, 5, 5, 100, "INSERT"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at least request 6");
    assertThatThrownBy(() -> stamped(1, 4, 4, 100, "INSERT"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCommitWithoutAnIdIsRefused() {
    stamped(1, 1, 1, 100, "INSERT");
    assertThatThrownBy(() -> memory.ended(FRONT, 1, 1, Ending.COMMITTED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without an id");
  }

  @Test
  void theGateOpensOnlyForASessionOfWhichNothingIsMissing() {
    assertThat(memory.acknowledge(FRONT, 1, 1, 9)).isFalse();
    stamped(1, 1, 1, 100, "INSERT");
    assertThat(memory.acknowledge(FRONT, 1, 2, 9)).isFalse();
    assertThat(memory.acknowledge(FRONT, 1, 1, 9)).isTrue();
    stamped(2, 8, 7, 100, "joined in the middle");
    assertThat(memory.acknowledge(FRONT, 2, 8, 9)).isFalse();
    stamped(3, 1, 1, 100, "one");
    stamped(3, 3, 1, 100, "three");
    assertThat(memory.acknowledge(FRONT, 3, 3, 9)).isFalse();
  }

  @Test
  void beyondTheBoundATransactionLosesItsBytesAndItsGate() {
    for (int request = 1; request <= 100; request++) {
      stamped(1, request, 1, 100, "x".repeat(5000));
      assertThat(memory.counts().heldBytes()).isLessThanOrEqualTo(100_000);
    }
    assertThat(memory.counts().thinned()).isEqualTo(1);
    assertThat(memory.counts().held()).isEqualTo(100);
    assertThat(memory.acknowledge(FRONT, 1, 100, 9)).isFalse();
    memory.identified(FRONT, 1, 1, 77);
    committed(77, 200);
    assertThat(memory.counts().purged()).isEqualTo(100);
  }

  @Test
  void theOldestIsForgottenWhenRecordsAloneFillTheBound() {
    for (int session = 1; session <= 1000; session++) {
      stamped(session, 1, 1, 100, "");
      assertThat(memory.counts().heldBytes()).isLessThanOrEqualTo(100_000);
    }
    assertThat(memory.counts().discarded()).isPositive();
    assertThat(memory.uncovered().iterator().next().session).isGreaterThan(1);
    assertThat(memory.counts().held() + memory.counts().discarded()).isEqualTo(1000);
  }

  private void stamped(long session, long request, long first, long position, String text) {
    memory.stamped(FRONT, stamp(session, request, position), first, bytes(text), 0);
  }

  private void committed(long transaction, long end) {
    memory.committed(new long[] {transaction}, LogPosition.of(end));
  }

  private void assertNothingHeld() {
    assertThat(memory.counts().held()).isZero();
    assertThat(memory.counts().heldBytes()).isZero();
    assertThat(memory.uncovered()).isEmpty();
  }

  private static Stamp stamp(long session, long request, long position) {
    return new Stamp(1, session, request, LogPosition.of(position));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
