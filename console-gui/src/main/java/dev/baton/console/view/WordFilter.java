package dev.baton.console.view;

import java.util.Arrays;
import java.util.Locale;
import javafx.scene.control.TextField;
import org.controlsfx.control.textfield.TextFields;

/// A field whose words must all occur in what is shown, whatever their case.
final class WordFilter {
  private static final int COLUMNS = 28;

  private final TextField field = TextFields.createClearableTextField();

  /// @param changed run whenever other words are wanted
  WordFilter(String id, String prompt, Runnable changed) {
    field.setId(id);
    field.setPromptText(prompt);
    field.setAccessibleText(prompt);
    field.setPrefColumnCount(COLUMNS);
    field.textProperty().addListener(_ -> changed.run());
  }

  TextField field() {
    return field;
  }

  boolean finds(String... texts) {
    String wanted = field.getText() == null ? "" : field.getText().toLowerCase(Locale.ROOT);
    String all = String.join(" ", texts).toLowerCase(Locale.ROOT);
    return Arrays.stream(wanted.strip().split("\\s+")).allMatch(all::contains);
  }
}
