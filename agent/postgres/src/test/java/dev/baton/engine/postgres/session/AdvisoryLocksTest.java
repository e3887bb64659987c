package dev.baton.engine.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.engine.postgres.session.SessionInventory.LockKey;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// How often a session holds a lock, of which the server says only that it is held.
final class AdvisoryLocksTest {
  private static final LockKey ONE = key(1);
  private static final LockKey TWO = key(2);

  private final AdvisoryLocks locks = new AdvisoryLocks();

  private static LockKey key(int number) {
    return new LockKey(false, 0, number, 1);
  }

  @Test
  void aLockThatIsTakenAgainIsHeldTwice() {
    locks.called("select pg_advisory_lock(1)", "");
    locks.listed(Set.of(ONE));
    locks.called("select pg_try_advisory_lock(1)", "t");
    locks.listed(Set.of(ONE));
    assertThat(locks.isCounted()).isTrue();
    assertThat(locks.held()).containsEntry(ONE, 2);
  }

  @Test
  void aLockThatWasNotToBeHadIsNotCounted() {
    locks.called("select pg_advisory_lock(1)", "");
    locks.listed(Set.of(ONE));
    locks.called("select pg_try_advisory_lock(7)", "f");
    locks.listed(Set.of(ONE));
    assertThat(locks.held()).containsEntry(ONE, 1);
  }

  @Test
  void whichOfSeveralLocksWasTakenAgainIsNotKnown() {
    locks.called("select pg_advisory_lock(1)", "");
    locks.listed(Set.of(ONE));
    locks.called("select pg_advisory_lock(2)", "");
    locks.listed(Set.of(ONE, TWO));
    assertThat(locks.isCounted()).isTrue();
    locks.called("select pg_advisory_lock(2)", "");
    locks.listed(Set.of(ONE, TWO));
    assertThat(locks.isCounted()).isFalse();
    locks.listed(Set.of());
    assertThat(locks.isCounted()).as("when none is left").isTrue();
  }

  @Test
  void aLockThatWasReleasedOnceLessThanTakenIsStillHeld() {
    for (int i = 0; i < 3; i++) {
      locks.called("select pg_advisory_lock(1)", "");
    }
    locks.listed(Set.of(ONE));
    locks.called("select pg_advisory_unlock(1)", "t");
    locks.listed(Set.of(ONE));
    assertThat(locks.held()).containsEntry(ONE, 2);
    assertThat(locks.isCounted()).isTrue();
  }

  @Test
  void aReleaseOfALockThatIsGoneConcernsNoOther() {
    locks.called("select pg_advisory_lock(1)", "");
    locks.called("select pg_advisory_lock(2)", "");
    locks.listed(Set.of(ONE, TWO));
    locks.called("select pg_advisory_unlock(1)", "t");
    locks.listed(Set.of(TWO));
    assertThat(locks.isCounted()).isTrue();
    assertThat(locks.held()).containsOnlyKeys(TWO);
  }

  @Test
  void aCallForEachRowOfATableIsNotCounted() {
    locks.called("select pg_advisory_lock(n) from plain", "");
    locks.listed(Set.of(ONE));
    assertThat(locks.isCounted()).isFalse();
  }

  @Test
  void aKeyIsTakenAsTheServerListsIt() {
    assertThat(new LockKey(false, -1, -3, 1).taking())
        .isEqualTo("pg_catalog.pg_try_advisory_lock((-3)::pg_catalog.int8)");
    assertThat(new LockKey(true, 1, -2, 2).taking())
        .isEqualTo("pg_catalog.pg_try_advisory_lock_shared(1, -2)");
  }
}
