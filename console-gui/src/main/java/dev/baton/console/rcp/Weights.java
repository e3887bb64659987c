package dev.baton.console.rcp;

import java.util.List;
import org.eclipse.e4.ui.model.application.ui.MUIElement;

/// The weights by which the children of a sash share its room, kept in `containerData`.
final class Weights {
  private static final double DEFAULT = 1_000;

  private Weights() {}

  static double of(MUIElement element) {
    String text = element.getContainerData();
    if (text == null || text.isBlank()) {
      return DEFAULT;
    }
    try {
      return Math.max(1, Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return DEFAULT; // a hand-edited layout must not keep the window from opening
    }
  }

  /// Where the dividers stand, 0 to 1; one fewer than there are weights.
  static double[] dividers(List<Double> weights) {
    double whole = weights.stream().mapToDouble(Double::doubleValue).sum();
    double[] dividers = new double[Math.max(0, weights.size() - 1)];
    double before = 0;
    for (int i = 0; i < dividers.length; i++) {
      before += weights.get(i);
      dividers[i] = before / whole;
    }
    return dividers;
  }
}
