package dev.baton.console.view;

import dev.baton.console.chart.Series;
import dev.baton.console.chart.StripChart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.scene.paint.Color;

/// Colours of lines in charts: of Okabe and Ito's set, which the colour-blind can tell apart, in
/// shades that stand out from a light or a dark ground; lines differ by dash as well.
final class SeriesColors {
  private static final List<Color> LIGHT =
      List.of(
          Color.web("#0072B2"), Color.web("#00785A"), Color.web("#A8528A"), Color.web("#9A6A00"));
  private static final List<Color> DARK =
      List.of(
          Color.web("#56B4E9"), Color.web("#2BC79B"), Color.web("#E39AC4"), Color.web("#E69F00"));

  private SeriesColors() {}

  static Color of(int index, boolean dark) {
    List<Color> set = dark ? DARK : LIGHT;
    return set.get(index % set.size());
  }

  static List<StripChart.Line> lines(Map<String, Series> byName, boolean dark) {
    List<StripChart.Line> lines = new ArrayList<>();
    byName.forEach(
        (name, series) -> lines.add(new StripChart.Line(name, series, of(lines.size(), dark))));
    return lines;
  }
}
