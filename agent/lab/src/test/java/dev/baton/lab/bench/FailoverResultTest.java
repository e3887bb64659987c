package dev.baton.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FailoverResultTest {
  @Test
  void aPercentileIsAFigureThatWasMeasured() {
    List<Double> five = List.of(10.0, 20.0, 30.0, 40.0, 50.0);
    assertThat(FailoverResult.percentile(five, 50)).isEqualTo(30);
    assertThat(FailoverResult.percentile(five, 90)).isEqualTo(50);
    assertThat(FailoverResult.percentile(five, 100)).isEqualTo(50);
    assertThat(FailoverResult.percentile(List.of(7.0), 50)).isEqualTo(7);
    assertThat(FailoverResult.percentile(List.of(), 50)).isZero();
  }
}
