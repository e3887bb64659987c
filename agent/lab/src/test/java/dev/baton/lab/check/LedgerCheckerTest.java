package dev.baton.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.lab.load.Kind;
import dev.baton.lab.load.Noted;
import dev.baton.lab.load.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A checker that finds nothing proves nothing: each kind of damage is planted and must be found.
class LedgerCheckerTest {
  private static final Noted PAID = new Noted(1, Kind.TRANSFER, Outcome.ACKNOWLEDGED, 70);
  private static final Noted SIGNED = new Noted(2, Kind.RECEIPT, Outcome.ACKNOWLEDGED, 80);
  private static final Noted ABANDONED = new Noted(3, Kind.TRANSFER, Outcome.ROLLED_BACK, 0);
  private static final Noted UNKNOWN = new Noted(4, Kind.TRANSFER, Outcome.IN_DOUBT, 0);
  private static final List<Noted> NOTES = List.of(PAID, SIGNED, ABANDONED, UNKNOWN);

  @Test
  void nothingIsWrongWhenAllIsThereOnce() {
    Damage damage = check(transfer(1, 70), receipt(2, 80));
    assertThat(damage).isEqualTo(new Damage(0, 0, List.of()));
  }

  @Test
  void whatNobodyWasToldMayBeThereOrNot() {
    Damage damage = check(transfer(1, 70), receipt(2, 80), transfer(4, 71));
    assertThat(damage).isEqualTo(new Damage(0, 0, List.of()));
  }

  @Test
  void findsALostTransfer() {
    assertDamage(1, 0, receipt(2, 80));
  }

  @Test
  void findsALostReceipt() {
    assertDamage(1, 0, transfer(1, 70));
  }

  @Test
  void findsADoubledTransfer() {
    assertDamage(0, 1, new Stored(1, Kind.TRANSFER, 2, 4, 0, 71), receipt(2, 80));
  }

  @Test
  void findsATransferDoneThreeTimesInDoubt() {
    assertDamage(0, 2, transfer(1, 70), receipt(2, 80), new Stored(4, Kind.TRANSFER, 3, 6, 0, 71));
  }

  @Test
  void findsAHalfTransfer() {
    assertDamage(1, 0, new Stored(1, Kind.TRANSFER, 1, 1, -5, 70), receipt(2, 80));
  }

  @Test
  void findsAHalfTransferThatNobodyWasToldOf() {
    assertDamage(1, 0, transfer(1, 70), receipt(2, 80), new Stored(4, Kind.TRANSFER, 1, 0, 0, 71));
  }

  @Test
  void findsARolledBackTransferThatIsThere() {
    assertDamage(0, 1, transfer(1, 70), receipt(2, 80), transfer(3, 71));
  }

  @Test
  void findsARowThatNobodyWrote() {
    assertDamage(0, 1, transfer(1, 70), receipt(2, 80), receipt(99, 81));
  }

  @Test
  void findsAKeyOtherThanTheOneThatWasTold() {
    assertDamage(1, 0, transfer(1, 103), receipt(2, 80));
  }

  private static void assertDamage(long lost, long duplicated, Stored... stored) {
    Damage damage = check(stored);
    assertThat(damage.lost()).as("lost: %s", damage.examples()).isEqualTo(lost);
    assertThat(damage.duplicated()).as("doubled: %s", damage.examples()).isEqualTo(duplicated);
    assertThat(damage.examples()).hasSize(1);
  }

  private static Damage check(Stored... stored) {
    return LedgerChecker.check(NOTES.stream(), List.of(stored).stream());
  }

  private static Stored transfer(long id, long key) {
    return new Stored(id, Kind.TRANSFER, 1, 2, 0, key);
  }

  private static Stored receipt(long id, long key) {
    return new Stored(id, Kind.RECEIPT, 1, 0, 0, key);
  }
}
