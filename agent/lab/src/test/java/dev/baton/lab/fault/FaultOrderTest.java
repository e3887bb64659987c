package dev.baton.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultOrderTest {
  @Test
  void readsWhatIsWritten() {
    assertThat(FaultOrder.parse("kill-database@10s"))
        .isEqualTo(new FaultOrder(FaultKind.KILL_DATABASE, null, 10));
    assertThat(FaultOrder.parse("freeze-database:b@2.5s"))
        .isEqualTo(new FaultOrder(FaultKind.FREEZE_DATABASE, "b", 2.5));
    assertThat(FaultOrder.parse("switchover@7"))
        .isEqualTo(new FaultOrder(FaultKind.SWITCHOVER, null, 7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kill-database", "kill-database@", "@10s", "kill-database:@1s", "x@-1s"})
  void refusesAnotherForm(String text) {
    assertThatThrownBy(() -> FaultOrder.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NAME[:HOST]@SECONDS");
  }

  @Test
  void namesTheFaultsThereAre() {
    assertThatThrownBy(() -> FaultOrder.parse("burn-database@1s"))
        .hasMessageContaining("burn-database")
        .hasMessageContaining("kill-database");
  }
}
