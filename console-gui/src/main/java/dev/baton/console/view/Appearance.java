package dev.baton.console.view;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import dev.baton.console.chart.StripChart;
import java.util.Objects;
import javafx.application.Application;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.css.PseudoClass;
import javafx.scene.Scene;

/// Light or dark. The theme is AtlantaFX's; `console.css` adds what is the console's own, and
/// `controlsfx.css` gives ControlsFX the colour names that it expects from JavaFX's own theme.
public final class Appearance {
  private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");

  private final ReadOnlyBooleanWrapper dark = new ReadOnlyBooleanWrapper();

  /// @param dark begins so
  public Appearance(boolean dark) {
    set(dark);
  }

  public void toggle() {
    set(!dark.get());
  }

  private void set(boolean next) {
    Application.setUserAgentStylesheet(
        next
            ? new PrimerDark().getUserAgentStylesheet()
            : new PrimerLight().getUserAgentStylesheet());
    dark.set(next);
  }

  /// Dresses a scene; it follows later changes.
  public void dress(Scene scene) {
    scene.getStylesheets().addAll(sheet("controlsfx.css"), sheet("console.css"));
    dark.subscribe(next -> scene.getRoot().pseudoClassStateChanged(DARK, next));
  }

  private static String sheet(String name) {
    return Objects.requireNonNull(Appearance.class.getResource(name), name).toExternalForm();
  }

  public boolean isDark() {
    return dark.get();
  }

  public ReadOnlyBooleanProperty darkProperty() {
    return dark.getReadOnlyProperty();
  }

  StripChart.Ink ink() {
    return dark.get() ? StripChart.Ink.DARK : StripChart.Ink.LIGHT;
  }
}
