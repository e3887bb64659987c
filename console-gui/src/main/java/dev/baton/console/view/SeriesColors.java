package dev.baton.console.view;

import java.util.List;
import javafx.scene.paint.Color;

/// Colours of lines in charts: of Okabe and Ito's set, which the colour-blind can tell apart; lines
/// differ by dash as well.
final class SeriesColors {
  private static final List<Color> LINES =
      List.of(
          Color.web("#0072B2"), Color.web("#009E73"), Color.web("#CC79A7"), Color.web("#E69F00"));

  private SeriesColors() {}

  static Color of(int index) {
    return LINES.get(index % LINES.size());
  }
}
