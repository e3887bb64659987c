package dev.baton.console.view;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import dev.baton.console.chart.StripChart;
import dev.baton.console.model.Settings;
import java.util.Locale;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.css.PseudoClass;
import javafx.scene.Scene;

/// Light or dark, and the size of letters, as the user has chosen. The theme is AtlantaFX's;
/// `console.css` adds what is the console's own, and `controlsfx.css` gives ControlsFX the colour
/// names that it expects from JavaFX's own theme.
public final class Appearance {
  private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");
  private static final double FONT_PIXELS = 12;
  private static final double HUNDRED = 100;

  private final Settings settings;
  private final ReadOnlyBooleanWrapper dark = new ReadOnlyBooleanWrapper();
  private final ReadOnlyIntegerWrapper percent = new ReadOnlyIntegerWrapper();

  /// On the FX thread, JavaFX being started.
  public Appearance(Settings settings) {
    this.settings = settings;
    percent.set(settings.fontPercent());
    show(isDark(settings.theme()));
    Platform.getPreferences()
        .colorSchemeProperty()
        .subscribe(
            _ -> {
              if (settings.theme() == Settings.Theme.SYSTEM) {
                show(isDark(Settings.Theme.SYSTEM));
              }
            });
  }

  private static boolean isDark(Settings.Theme theme) {
    return switch (theme) {
      case SYSTEM -> Platform.getPreferences().getColorScheme() == ColorScheme.DARK;
      case LIGHT -> false;
      case DARK -> true;
    };
  }

  /// Changes between light and dark, and keeps it.
  public void toggle() {
    choose(dark.get() ? Settings.Theme.LIGHT : Settings.Theme.DARK);
  }

  /// Shows a theme and keeps it.
  public void choose(Settings.Theme theme) {
    settings.setTheme(theme);
    show(isDark(theme));
  }

  /// Shows it without keeping it.
  ///
  /// @param next dark, or light
  public void show(boolean next) {
    Application.setUserAgentStylesheet(
        next
            ? new PrimerDark().getUserAgentStylesheet()
            : new PrimerLight().getUserAgentStylesheet());
    dark.set(next);
  }

  /// Makes letters larger or smaller and keeps it.
  ///
  /// @param next of the usual size
  public void size(int next) {
    settings.setFontPercent(next);
    percent.set(settings.fontPercent());
  }

  /// @param by percent points
  public void grow(int by) {
    size(percent.get() + by);
  }

  public int percent() {
    return percent.get();
  }

  /// Dresses a scene; it follows later changes.
  public void dress(Scene scene) {
    scene.getStylesheets().addAll(sheet("controlsfx.css"), sheet("console.css"));
    dark.subscribe(next -> scene.getRoot().pseudoClassStateChanged(DARK, next));
    percent.subscribe(
        next ->
            scene
                .getRoot()
                .setStyle(
                    "-fx-font-size: "
                        + String.format(
                            Locale.ROOT, "%.1f", FONT_PIXELS * next.doubleValue() / HUNDRED)
                        + "px;"));
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
