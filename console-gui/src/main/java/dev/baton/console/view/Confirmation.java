package dev.baton.console.view;

import dev.baton.console.text.Text;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/// Asks before something is done: the object first, the verb on the button, Cancel with the focus.
final class Confirmation {
  /// Done when the button is pressed.
  @FunctionalInterface
  interface Act {
    void run(String comment);
  }

  private Confirmation() {}

  /// @param question what would be done to what
  /// @param comment asked for under this caption; null: no comment is asked for
  static void ask(
      @Nullable Window owner,
      Appearance appearance,
      String title,
      String question,
      @Nullable String comment,
      boolean dangerous,
      Act act) {
    Stage stage = new Stage();
    stage.initOwner(owner);
    stage.initModality(Modality.WINDOW_MODAL);
    stage.setTitle(title);
    TextField words = new TextField();
    words.setId("confirm-comment");
    Button cancel = new Button(Text.MOVE_CANCEL.of());
    cancel.setId("confirm-cancel");
    cancel.setCancelButton(true);
    cancel.setOnAction(_ -> stage.close());
    Button go = new Button(title);
    go.setId("confirm-go");
    go.getStyleClass().add(dangerous ? "danger" : "accent");
    go.setOnAction(
        _ -> {
          stage.close();
          act.run(words.getText().strip());
        });
    HBox buttons = new HBox(Labels.spring(), cancel, go);
    buttons.getStyleClass().add("dialog-buttons");
    VBox root = new VBox(Labels.wrapped(question));
    if (comment != null) {
      Label caption = new Label(comment);
      caption.setLabelFor(words);
      root.getChildren().addAll(caption, words);
    }
    root.getChildren().add(buttons);
    root.getStyleClass().add("connect-dialog");
    Scene scene = new Scene(root, 480, comment == null ? 150 : 210);
    appearance.dress(scene);
    stage.setScene(scene);
    stage.setOnShown(_ -> (comment == null ? cancel : words).requestFocus());
    stage.show();
  }
}
