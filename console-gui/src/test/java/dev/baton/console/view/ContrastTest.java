package dev.baton.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.baton.console.chart.StripChart;
import javafx.scene.paint.Color;
import org.junit.jupiter.api.Test;

/// Contrast as WCAG 2 reckons it: 4.5 for letters, 3 for lines and shapes that carry meaning.
class ContrastTest {
  private static final double LETTERS = 4.5;
  private static final double SHAPES = 3;
  private static final int LINES = 4;

  /// Grounds of the two themes.
  private static final Color LIGHT = Color.web("#ffffff");

  private static final Color DARK = Color.web("#0d1117");

  private static double luminance(Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(double channel) {
    return channel <= 0.03928 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
  }

  private static double contrast(Color one, Color other) {
    double lighter = Math.max(luminance(one), luminance(other));
    double darker = Math.min(luminance(one), luminance(other));
    return (lighter + 0.05) / (darker + 0.05);
  }

  @Test
  void lettersOfChartsAreReadable() {
    assertThat(contrast(StripChart.Ink.LIGHT.text(), LIGHT)).isGreaterThan(LETTERS);
    assertThat(contrast(StripChart.Ink.DARK.text(), DARK)).isGreaterThan(LETTERS);
  }

  @Test
  void linesOfChartsStandOutFromTheirGround() {
    for (int i = 0; i < LINES; i++) {
      assertThat(contrast(SeriesColors.of(i, false), LIGHT))
          .as("light %d", i)
          .isGreaterThan(SHAPES);
      assertThat(contrast(SeriesColors.of(i, true), DARK)).as("dark %d", i).isGreaterThan(SHAPES);
    }
  }

  @Test
  void blackLettersAreReadableOnTheMarkedGrounds() {
    assertThat(contrast(Color.BLACK, Color.web("#E69F00"))).isGreaterThan(LETTERS); // old values
    assertThat(contrast(Color.BLACK, Color.web("#56B4E9"))).isGreaterThan(LETTERS); // the past
  }
}
