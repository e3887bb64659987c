package dev.baton.console.view;

import dev.baton.console.rcp.CommandCatalog;
import dev.baton.console.text.Text;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// The keys of all commands: to read, and to bind anew. Keys that another command has are not taken
/// from it, but it is named.
public final class KeysDialog {
  private final Appearance appearance;

  public KeysDialog(Appearance appearance) {
    this.appearance = appearance;
  }

  public void open(CommandCatalog commands, @Nullable Window owner) {
    Stage stage = new Stage();
    stage.initOwner(owner);
    stage.initModality(Modality.WINDOW_MODAL);
    stage.setTitle(Text.KEYS_TITLE.of());
    TableView<CommandCatalog.Entry> table = new TableView<>();
    table.setId("keys");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    table.getColumns().add(column(Text.KEYS_COMMAND, CommandCatalog.Entry::label));
    table.getColumns().add(column(Text.KEYS_KEYS, CommandCatalog.Entry::keys));
    table.getItems().setAll(commands.entries());
    VBox.setVgrow(table, Priority.ALWAYS);
    TextField press = new TextField();
    press.setId("keys-press");
    press.setPromptText(Text.KEYS_PRESS.of());
    press.setAccessibleText(Text.KEYS_PRESS.of());
    press.setEditable(false);
    press.disableProperty().bind(table.getSelectionModel().selectedItemProperty().isNull());
    Label said = Labels.wrapped("", "obstacle");
    said.setId("keys-said");
    press.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.TAB || event.getCode() == KeyCode.ESCAPE) {
            return; // the keyboard must be able to leave the field
          }
          event.consume();
          CommandCatalog.Entry entry = table.getSelectionModel().getSelectedItem();
          CommandCatalog.strokeOf(event)
              .ifPresent(keys -> said.setText(bind(commands, entry, keys, table)));
        });
    Button reset = new Button(Text.KEYS_RESET.of());
    reset.setId("keys-reset");
    reset.setOnAction(
        _ -> {
          commands.reset();
          table.getItems().setAll(commands.entries());
          said.setText(Text.KEYS_RESET_DONE.of());
        });
    Button close = new Button(Text.MOVE_CLOSE.of());
    close.setCancelButton(true);
    close.setOnAction(_ -> stage.close());
    HBox buttons = new HBox(press, said, Labels.spring(), reset, close);
    buttons.getStyleClass().add("dialog-buttons");
    VBox root = new VBox(table, buttons);
    root.getStyleClass().add("connect-dialog");
    Scene scene = new Scene(root, 640, 560);
    appearance.dress(scene);
    stage.setScene(scene);
    stage.show();
    table.requestFocus();
    table.getSelectionModel().selectFirst();
  }

  private static String bind(
      CommandCatalog commands,
      CommandCatalog.Entry entry,
      String keys,
      TableView<CommandCatalog.Entry> table) {
    try {
      commands.rebind(entry, keys);
    } catch (IllegalArgumentException e) {
      return Text.KEYS_TAKEN.of(CommandCatalog.describe(keys), String.valueOf(e.getMessage()));
    }
    int at = table.getSelectionModel().getSelectedIndex();
    table.getItems().setAll(commands.entries());
    table.getSelectionModel().select(at);
    return Text.KEYS_BOUND.of(entry.label(), CommandCatalog.describe(keys));
  }

  private static TableColumn<CommandCatalog.Entry, String> column(
      Text title, java.util.function.Function<CommandCatalog.Entry, String> value) {
    TableColumn<CommandCatalog.Entry, String> column = new TableColumn<>(title.of());
    column.setSortable(false);
    column.setCellValueFactory(cell -> new ReadOnlyStringWrapper(value.apply(cell.getValue())));
    return column;
  }
}
