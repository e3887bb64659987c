package dev.baton.console.view;

import dev.baton.console.model.ChangeDraft;
import dev.baton.console.model.ChangePlan;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.text.Text;
import java.util.List;
import java.util.Optional;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// The dialog of a change other than a move: what is typed, beneath it what it would do, told anew
/// as one types; what must be typed to confirm, if it can hurt; and the verb on its button, beside
/// which it says why it cannot be made. Cancel has the focus. It closes when the agent has made the
/// change; a refusal stays to be read.
final class ChangeDialog {
  private final ConsoleModel console;
  private final ChangeDraft draft;
  private final GridPane effects = new GridPane();
  private final VBox confirmation = new VBox();
  private final Label ask = Labels.wrapped("");
  private final TextField typed = new TextField();
  private final Label obstacle = Labels.wrapped("", "obstacle");
  private final Button cancel = new Button(Text.MOVE_CANCEL.of());
  private final Button make;
  private final Stage stage = new Stage();
  private Subscription changes = Subscription.EMPTY;
  private @Nullable ChangePlan shown;
  private @Nullable String refused;
  private boolean asked;

  /// @param verb title and button
  ChangeDialog(ConsoleModel console, ChangeDraft draft, String verb) {
    this.console = console;
    this.draft = draft;
    this.make = new Button(verb);
    stage.setTitle(verb);
  }

  /// @param form where values are typed into the draft; calls [#refresh] after each
  void open(@Nullable Window owner, Appearance appearance, Node form, double height) {
    stage.initOwner(owner);
    stage.initModality(Modality.WINDOW_MODAL);
    Scene scene = new Scene(content(form), 720, height);
    appearance.dress(scene);
    stage.setScene(scene);
    stage.setOnHidden(_ -> changes.unsubscribe());
    stage.setOnShown(_ -> cancel.requestFocus());
    changes = console.eachTick(this::refresh);
    refresh();
    stage.show();
  }

  private VBox content(Node form) {
    effects.setId("change-effects");
    effects.getStyleClass().add("guardrails");
    typed.setId("change-typed");
    typed.textProperty().subscribe(_ -> refresh());
    ask.setLabelFor(typed);
    obstacle.setId("change-obstacle");
    HBox.setHgrow(obstacle, Priority.ALWAYS);
    obstacle.setMaxWidth(Double.MAX_VALUE);
    cancel.setId("change-cancel");
    cancel.setCancelButton(true);
    cancel.setOnAction(_ -> stage.close());
    make.setId("change-make");
    make.getStyleClass().add("accent");
    make.setOnAction(_ -> make());
    HBox buttons = new HBox(obstacle, cancel, make);
    buttons.getStyleClass().add("dialog-buttons");
    cancel.setMinWidth(Region.USE_PREF_SIZE);
    make.setMinWidth(Region.USE_PREF_SIZE);
    VBox middle = new VBox(form, Labels.title(Text.CHANGE_EFFECTS.of()), effects);
    middle.getStyleClass().add("dialog-middle");
    ScrollPane scroll = new ScrollPane(middle);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    confirmation.getStyleClass().add("confirmation");
    VBox root = new VBox(scroll, confirmation, buttons);
    root.getStyleClass().add("move-dialog");
    return root;
  }

  void refresh() {
    ChangePlan plan = draft.plan(console.nowMillis());
    if (!plan.equals(shown)) {
      shown = plan;
      refused = null; // another change may be taken
      effects.getChildren().clear();
      int row = 0;
      for (ChangePlan.Effect effect : plan.effects()) {
        effects.addRow(row++, new Mark(effect.severity()), Labels.wrapped(effect.text()));
      }
      String toType = plan.typed();
      ask.setText(toType == null ? "" : Text.CHANGE_TYPE.of(toType));
      List<Node> nodes = toType == null ? List.of() : List.of(ask, typed);
      if (!confirmation.getChildren().equals(nodes)) {
        confirmation.getChildren().setAll(nodes);
      }
      make.getStyleClass().removeAll("accent", "danger");
      make.getStyleClass().add(toType == null ? "accent" : "danger");
    }
    Optional<String> hindered = hindered(plan);
    make.setDisable(hindered.isPresent() || asked);
    obstacle.setText(hindered.orElse(asked ? Text.MOVE_STARTING.of() : ""));
  }

  private Optional<String> hindered(ChangePlan plan) {
    Optional<String> found =
        plan.obstacle(
            typed.getText(), Text.MOVE_OBSTACLE_TYPE.of(plan.typed() == null ? "" : plan.typed()));
    return found.isPresent() ? found : Optional.ofNullable(refused);
  }

  private void make() {
    asked = true;
    refresh();
    draft
        .make(console.nowMillis())
        .whenCompleteAsync(
            (_, failure) -> {
              asked = false;
              if (failure == null) {
                stage.close();
              } else {
                refused = Notices.failure(failure);
                refresh();
              }
            },
            Platform::runLater);
  }
}
