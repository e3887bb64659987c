package dev.baton.service.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesTest {
  private static final long NOON = 1_772_366_400;

  private final Series series = new Series();

  @Test
  void keepsAnHour() {
    for (int i = 0; i < 2 * Series.SECONDS; i++) {
      series.put(NOON + i, i);
    }
    long last = NOON + 2 * Series.SECONDS - 1;
    assertThat(series.at(last)).isEqualTo(2 * Series.SECONDS - 1);
    assertThat(series.at(last - Series.SECONDS + 1)).isEqualTo(Series.SECONDS);
    assertThat(series.at(last - Series.SECONDS)).isNaN();
    assertThat(series.at(last + 1)).isNaN();
  }

  /// Else an old value would stand where nothing was measured an hour later.
  @Test
  void whatWasNotMeasuredIsAGap() {
    for (int i = 0; i < Series.SECONDS; i++) {
      series.put(NOON + i, i);
    }
    long later = NOON + Series.SECONDS + 9;
    series.put(later, 7);
    assertThat(series.at(later - 1)).isNaN();
    assertThat(series.at(later - 10)).isEqualTo(Series.SECONDS - 1);
    series.put(later + 10 * Series.SECONDS, 8);
    assertThat(series.at(later)).isNaN();
    assertThat(series.mean(later + 9L * Series.SECONDS + 1, later + 10 * Series.SECONDS)).isNaN();
  }

  @Test
  void aClockThatIsSetBackChangesNothing() {
    series.put(NOON, 1);
    series.put(NOON - 5, 2);
    assertThat(series.at(NOON)).isEqualTo(1);
    assertThat(series.at(NOON - 5)).isNaN();
  }

  @Test
  void theMeanIsOfWhatWasMeasured() {
    series.put(NOON, 1);
    series.put(NOON + 3, 5);
    assertThat(series.mean(NOON, NOON + 4)).isEqualTo(3);
    assertThat(series.mean(NOON, NOON + 3)).isEqualTo(1);
  }
}
