package dev.baton.console.view;

import dev.baton.console.model.Settings;
import dev.baton.console.text.Text;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;

/// Theme, size of letters, language.
public final class SettingsDialog {
  /// Languages that there is a bundle for.
  public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.GERMAN);

  private static final int STEP_PERCENT = 10;

  private final Settings settings;
  private final Appearance appearance;

  public SettingsDialog(Settings settings, Appearance appearance) {
    this.settings = settings;
    this.appearance = appearance;
  }

  public void open(@Nullable Window owner) {
    Stage stage = new Stage();
    stage.initOwner(owner);
    stage.initModality(Modality.WINDOW_MODAL);
    stage.setTitle(Text.SETTINGS_TITLE.of());
    ChoiceBox<Settings.Theme> theme = new ChoiceBox<>();
    theme.setId("settings-theme");
    theme.getItems().setAll(Settings.Theme.values());
    theme.setConverter(new Shown<>(SettingsDialog::word));
    theme.setValue(settings.theme());
    theme.setOnAction(_ -> appearance.choose(theme.getValue()));
    Slider size = new Slider(Settings.SMALLEST_PERCENT, Settings.LARGEST_PERCENT, 100);
    size.setId("settings-size");
    size.setBlockIncrement(STEP_PERCENT);
    size.setMajorTickUnit(STEP_PERCENT);
    size.setMinorTickCount(0);
    size.setSnapToTicks(true);
    size.setValue(settings.fontPercent());
    size.valueProperty().subscribe(value -> appearance.size((int) Math.round(value.doubleValue())));
    ChoiceBox<Optional<Locale>> language = new ChoiceBox<>();
    language.setId("settings-language");
    language.getItems().add(Optional.empty());
    LANGUAGES.forEach(each -> language.getItems().add(Optional.of(each)));
    language.setConverter(
        new Shown<>(
            each ->
                each.map(locale -> locale.getDisplayLanguage(locale))
                    .orElse(Text.SETTINGS_SYSTEM.of())));
    language.setValue(settings.language());
    language.setOnAction(_ -> settings.setLanguage(language.getValue()));
    GridPane grid = new GridPane();
    grid.getStyleClass().add("facts");
    grid.addRow(0, named(Text.SETTINGS_THEME, theme), theme);
    grid.addRow(1, named(Text.SETTINGS_SIZE, size), size);
    grid.addRow(2, named(Text.SETTINGS_LANGUAGE, language), language);
    Button close = new Button(Text.MOVE_CLOSE.of());
    close.setCancelButton(true);
    close.setOnAction(_ -> stage.close());
    HBox buttons = new HBox(Labels.muted(Text.SETTINGS_NEXT_START.of()), Labels.spring(), close);
    buttons.getStyleClass().add("dialog-buttons");
    VBox root = new VBox(grid, buttons);
    root.getStyleClass().add("connect-dialog");
    Scene scene = new Scene(root, 480, 220);
    appearance.dress(scene);
    stage.setScene(scene);
    stage.show();
  }

  private static Label named(Text name, javafx.scene.Node control) {
    Label label = new Label(name.of());
    label.setLabelFor(control);
    return label;
  }

  private static String word(Settings.Theme theme) {
    return switch (theme) {
      case SYSTEM -> Text.SETTINGS_SYSTEM.of();
      case LIGHT -> Text.SETTINGS_LIGHT.of();
      case DARK -> Text.SETTINGS_DARK.of();
    };
  }

  /// A choice in words.
  private static final class Shown<T> extends StringConverter<T> {
    private final java.util.function.Function<T, String> words;

    Shown(java.util.function.Function<T, String> words) {
      this.words = words;
    }

    @Override
    public String toString(@Nullable T choice) {
      return choice == null ? "" : words.apply(choice);
    }

    @Override
    public T fromString(String text) {
      throw new UnsupportedOperationException("choices are not typed");
    }
  }
}
