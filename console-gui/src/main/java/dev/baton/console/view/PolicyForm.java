package dev.baton.console.view;

import dev.baton.console.model.PolicyDraft;
import dev.baton.console.model.PolicyField;
import dev.baton.console.text.Text;
import dev.baton.model.MovePolicy.Mode;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/// Where the values of a policy are typed: mode first, then each with what it means.
final class PolicyForm {
  private static final int COLUMNS = 14;

  private PolicyForm() {}

  /// @param changed called after each letter
  static Node of(PolicyDraft draft, Runnable changed) {
    GridPane grid = new GridPane();
    grid.getStyleClass().add("facts");
    ColumnConstraints fits = new ColumnConstraints();
    fits.setMinWidth(Region.USE_PREF_SIZE);
    ColumnConstraints rest = new ColumnConstraints();
    rest.setHgrow(Priority.ALWAYS);
    grid.getColumnConstraints().addAll(fits, fits, rest);
    ChoiceBox<Mode> mode = new ChoiceBox<>();
    mode.setId("policy-mode");
    mode.getItems().setAll(Mode.values());
    mode.setValue(draft.mode());
    mode.setMaxWidth(Double.MAX_VALUE);
    Label meaning = Labels.wrapped(meaningOf(draft.mode()), "muted");
    mode.setOnAction(
        _ -> {
          draft.setMode(mode.getValue());
          meaning.setText(meaningOf(mode.getValue()));
          changed.run();
        });
    Label caption = new Label(Text.POLICY_MODE.of());
    caption.setLabelFor(mode);
    grid.addRow(0, caption, mode, meaning);
    for (PolicyField field : PolicyField.values()) {
      TextField value = new TextField(draft.value(field));
      value.setId("policy-" + field.name().toLowerCase(Locale.ROOT));
      value.setPrefColumnCount(COLUMNS);
      value
          .textProperty()
          .addListener(
              (_, _, text) -> {
                draft.set(field, text);
                changed.run();
              });
      Label name = new Label(field.caption());
      name.setLabelFor(value);
      grid.addRow(grid.getRowCount(), name, value, Labels.wrapped(field.meaning(), "muted"));
    }
    return grid;
  }

  static String meaningOf(Mode mode) {
    return switch (mode) {
      case MANUAL -> Text.POLICY_MODE_MANUAL.of();
      case OBSERVE -> Text.POLICY_MODE_OBSERVE.of();
      case AUTOMATIC -> Text.POLICY_MODE_AUTOMATIC.of();
    };
  }
}
