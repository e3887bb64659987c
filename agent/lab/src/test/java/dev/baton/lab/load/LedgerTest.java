package dev.baton.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
  @Test
  void keepsWhatItsClientWasTold() {
    Ledger ledger = new Ledger(0);
    long paid = ledger.begin(Kind.TRANSFER);
    long abandoned = ledger.begin(Kind.TRANSFER);
    long unknown = ledger.begin(Kind.RECEIPT);
    ledger.acknowledged(paid, 12);
    ledger.rolledBack(abandoned);
    assertThat(ledger.notes())
        .containsExactly(
            new Noted(paid, Kind.TRANSFER, Outcome.ACKNOWLEDGED, 12),
            new Noted(abandoned, Kind.TRANSFER, Outcome.ROLLED_BACK, 0),
            new Noted(unknown, Kind.RECEIPT, Outcome.IN_DOUBT, 0));
  }

  @Test
  void grows() {
    Ledger ledger = new Ledger(3);
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      ids.add(ledger.begin(Kind.RECEIPT));
    }
    assertThat(ids).hasSize(5_000);
    assertThat(ledger.notes()).hasSize(5_000);
  }

  @Test
  void clientsNeverMakeTheSameId() {
    long id = new Ledger(0).begin(Kind.RECEIPT);
    assertThat(new Ledger(1).begin(Kind.RECEIPT)).isNotEqualTo(id);
    assertThatThrownBy(() -> new Ledger(1).rolledBack(id))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
