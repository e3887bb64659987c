package dev.baton.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColumnsTest {
  @Test
  void aSpikeOfOneSampleAmongAHundredThousandStaysVisible() {
    Series series = new Series(100_000);
    for (int i = 0; i < 100_000; i++) {
      series.add(i, i == 54_321 ? 900 : 1);
    }

    Columns columns = Columns.of(series, 0, 100_000, 500);

    int column = 54_321 * 500 / 100_000;
    assertThat(columns.high(column)).isEqualTo(900);
    assertThat(columns.low(column)).isEqualTo(1);
    assertThat(columns.max()).isEqualTo(900);
    assertThat(columns.high(column + 1)).isEqualTo(1);
  }

  @Test
  void columnsWithoutSamplesAreEmpty() {
    Series series = new Series(8);
    series.add(1_000, 5);

    Columns columns = Columns.of(series, 0, 2_000, 4);

    assertThat(IntStream.range(0, columns.width()).mapToObj(columns::high))
        .containsExactly(Double.NaN, Double.NaN, 5.0, Double.NaN);
  }

  @Test
  void samplesOutsideTheTimeShownAreLeftOut() {
    Series series = new Series(8);
    series.add(0, 99);
    series.add(1_500, 3);
    series.add(2_000, 77);

    assertThat(Columns.of(series, 1_000, 2_000, 10).max()).isEqualTo(3);
  }

  @Test
  void theOldestSampleGoesWhenTheRingIsFull() {
    Series series = new Series(3);
    for (int i = 1; i <= 5; i++) {
      series.add(i, i * 10);
    }

    assertThat(series.size()).isEqualTo(3);
    assertThat(series.time(0)).isEqualTo(3);
    assertThat(series.last()).isEqualTo(50);
  }

  @Test
  void aSampleThatComesLateIsDropped() {
    Series series = new Series(3);
    series.add(10, 1);
    series.add(5, 2);

    assertThat(series.size()).isOne();
  }

  @Test
  void theAxisEndsAtARoundNumber() {
    assertThat(NiceScale.top(0, 10)).isEqualTo(10);
    assertThat(NiceScale.top(1_234, 10)).isEqualTo(2_000);
    assertThat(NiceScale.top(20.01, 10)).isEqualTo(50);
  }
}
