package dev.baton.console.view;

import dev.baton.console.model.MaintenanceDraft;
import dev.baton.console.text.Text;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;

/// Where maintenance is announced: of which host, from when, until when, why.
final class MaintenanceForm {
  private static final int COLUMNS = 30;

  private MaintenanceForm() {}

  /// @param changed called after each letter
  static Node of(MaintenanceDraft draft, List<String> hosts, Runnable changed) {
    GridPane grid = new GridPane();
    grid.getStyleClass().add("facts");
    ChoiceBox<String> host = new ChoiceBox<>();
    host.setId("maintenance-host");
    host.getItems().setAll(hosts);
    host.setValue(draft.host());
    host.setOnAction(
        _ -> {
          draft.setHost(host.getValue());
          changed.run();
        });
    Label caption = new Label(Text.ALARMS_HOST.of());
    caption.setLabelFor(host);
    grid.addRow(0, caption, host);
    field(grid, "from", Text.MAINTENANCE_FROM, draft.from(), draft::setFrom, changed);
    field(grid, "until", Text.MAINTENANCE_UNTIL, draft.until(), draft::setUntil, changed);
    field(grid, "why", Text.MAINTENANCE_WHY, "", draft::setWhy, changed);
    return grid;
  }

  private static void field(
      GridPane grid, String id, Text name, String first, Consumer<String> set, Runnable changed) {
    TextField value = new TextField(first);
    value.setId("maintenance-" + id);
    value.setPrefColumnCount(COLUMNS);
    if (!id.equals("why")) {
      value.setPromptText(Text.MAINTENANCE_MOMENT.of());
    }
    value
        .textProperty()
        .addListener(
            (_, _, text) -> {
              set.accept(text);
              changed.run();
            });
    Label caption = new Label(name.of());
    caption.setLabelFor(value);
    grid.addRow(grid.getRowCount(), caption, value);
  }
}
