package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.MoveConversation;
import dev.baton.console.model.MoveStage;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.MoveKind;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.SessionView;
import java.util.List;
import java.util.Optional;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/// The dialog of a move by hand: from and to with live values, the plan with its guardrails, what
/// must be typed, then the phases as they run and the outcome. The button names the verb; Cancel
/// has the focus; what cannot be done says why beside the button.
final class MoveDialog {
  private final MoveConversation conversation;
  private final ConsoleModel console;
  private final Appearance appearance;
  private final List<SessionView> chosen;
  private final MoveEnds ends;
  private final PlanPane plan = new PlanPane();
  private final MoveProgress progress = new MoveProgress();
  private final VBox middle = new VBox();
  private final VBox confirmation = new VBox();
  private final TextField typed = new TextField();
  private final TextField reason = new TextField();
  private final Mark obstacleMark = new Mark(Severity.WARNING);
  private final Label obstacle = Labels.wrapped("", "obstacle");
  private final HBox obstacleLine = new HBox(obstacleMark, obstacle);
  private final Button again = new Button(Text.MOVE_PLAN_AGAIN.of());
  private final Button cancel = new Button(Text.MOVE_CANCEL.of());
  private final Button run = new Button();
  private Subscription changes = Subscription.EMPTY;
  private @Nullable PlanView shownPlan;

  /// @param chosen sessions that were dragged to the target
  MoveDialog(
      ConsoleModel console,
      MoveConversation conversation,
      Appearance appearance,
      List<SessionView> chosen) {
    this.chosen = List.copyOf(chosen);
    this.console = console;
    this.conversation = conversation;
    this.appearance = appearance;
    this.ends = new MoveEnds(console, conversation);
  }

  Stage stage(@Nullable Window owner) {
    Stage stage = new Stage();
    stage.initOwner(owner);
    stage.initModality(Modality.WINDOW_MODAL);
    stage.setTitle(title());
    Scene scene = new Scene(content(stage), 760, 640);
    appearance.dress(scene);
    stage.setScene(scene);
    stage.setOnHidden(_ -> close());
    stage.setOnShown(_ -> cancel.requestFocus());
    changes =
        console
            .eachTick(this::tick)
            .and(conversation.stageProperty().subscribe(this::show))
            .and(conversation.typedTargetProperty().subscribe(_ -> buttons()))
            .and(conversation.reasonProperty().subscribe(_ -> buttons()));
    return stage;
  }

  private String title() {
    return conversation.kind() == MoveKind.FAILOVER
        ? Text.MOVE_TITLE_FORCE.of(conversation.service().name(), conversation.target())
        : Text.MOVE_TITLE.of(conversation.service().name(), conversation.target());
  }

  private VBox content(Stage stage) {
    run.setId("move-run");
    run.setText(title());
    run.getStyleClass().add(conversation.kind() == MoveKind.FAILOVER ? "danger" : "accent");
    run.setOnAction(_ -> conversation.run());
    cancel.setId("move-cancel");
    cancel.setCancelButton(true);
    cancel.setOnAction(_ -> stage.close());
    again.setId("move-plan-again");
    again.setOnAction(_ -> conversation.plan());
    typed.setId("move-typed-target");
    typed.textProperty().bindBidirectional(conversation.typedTargetProperty());
    reason.setId("move-reason");
    reason.textProperty().bindBidirectional(conversation.reasonProperty());
    obstacle.setId("move-obstacle");
    obstacleLine.getStyleClass().add("obstacle-line");
    HBox.setHgrow(obstacleLine, Priority.ALWAYS);
    HBox buttons = new HBox(obstacleLine, again, cancel, run);
    buttons.getStyleClass().add("dialog-buttons");
    ScrollPane scroll = new ScrollPane(middle);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("edge-to-edge");
    VBox.setVgrow(scroll, Priority.ALWAYS);
    middle.getStyleClass().add("dialog-middle");
    confirmation.getStyleClass().add("confirmation");
    VBox root = new VBox(ends.node(), scroll, confirmation, buttons);
    root.getStyleClass().add("move-dialog");
    return root;
  }

  private void close() {
    changes.unsubscribe();
    conversation.close();
  }

  private void tick() {
    conversation.tick();
    ends.refresh();
    progress.connection(conversation.service().cluster().linkState());
    buttons();
  }

  private void show(MoveStage stage) {
    ends.refresh();
    switch (stage) {
      case MoveStage.Planning _ -> middle.getChildren().setAll(working(Text.MOVE_PLANNING.of()));
      case MoveStage.Reviewing(PlanView reviewed) -> review(reviewed);
      case MoveStage.Starting _ -> middle.getChildren().setAll(working(Text.MOVE_STARTING.of()));
      case MoveStage.Uncertain(_, String why, _) ->
          middle.getChildren().setAll(refusal(Text.MOVE_UNCERTAIN.of(), why, Severity.WARNING));
      case MoveStage.Running(_, var move) -> {
        progress.show(move);
        middle.getChildren().setAll(progress.node());
      }
      case MoveStage.Ended(_, var move) -> {
        progress.show(move);
        middle.getChildren().setAll(progress.node());
      }
      case MoveStage.Refused(String title, String detail) ->
          middle.getChildren().setAll(refusal(title, detail, Severity.CRITICAL));
    }
    confirmation(stage);
    buttons();
    if (!(stage instanceof MoveStage.Reviewing)) {
      cancel.requestFocus();
    }
  }

  private void review(PlanView reviewed) {
    if (!reviewed.equals(shownPlan)) {
      shownPlan = reviewed;
      plan.show(reviewed);
      plan.sessions(
          chosen,
          conversation.service().cluster().sessions().stream()
              .filter(session -> session.service().equals(reviewed.service()))
              .toList());
    }
    middle.getChildren().setAll(plan.node());
  }

  private void confirmation(MoveStage stage) {
    confirmation.getChildren().clear();
    if (!(stage instanceof MoveStage.Reviewing)) {
      confirmation.setManaged(false);
      return;
    }
    confirmation.setManaged(true);
    if (conversation.needsTarget()) {
      Label ask = new Label(Text.MOVE_TYPE_TARGET.of(conversation.target()));
      ask.setLabelFor(typed);
      confirmation.getChildren().addAll(ask, typed);
    }
    Label why =
        new Label(
            conversation.needsReason()
                ? Text.MOVE_REASON_NEEDED.of()
                : Text.MOVE_REASON_OPTIONAL.of());
    why.setLabelFor(reason);
    confirmation.getChildren().addAll(why, reason);
  }

  private void buttons() {
    Optional<String> hindered = conversation.obstacle();
    boolean reviewing = conversation.stage() instanceof MoveStage.Reviewing;
    boolean mayAskAgain = conversation.worthPlanningAgain();
    run.setDisable(hindered.isPresent());
    run.setVisible(reviewing || conversation.stage() instanceof MoveStage.Planning);
    run.setManaged(run.isVisible());
    again.setVisible(mayAskAgain);
    again.setManaged(mayAskAgain);
    obstacle.setText(reviewing ? hindered.orElse("") : "");
    obstacleMark.setVisible(reviewing && hindered.isPresent());
    boolean done = !reviewing && !(conversation.stage() instanceof MoveStage.Planning);
    cancel.setText(done ? Text.MOVE_CLOSE.of() : Text.MOVE_CANCEL.of());
  }

  private static HBox working(String words) {
    ProgressIndicator wheel = new ProgressIndicator();
    wheel.setPrefSize(22, 22);
    HBox box = new HBox(wheel, new Label(words));
    box.getStyleClass().add("working");
    return box;
  }

  private static VBox refusal(String title, String detail, Severity severity) {
    Label head = Labels.wrapped(title, "card-title");
    head.setId("move-refusal");
    Label words = Labels.wrapped(detail);
    words.setId("move-refusal-detail");
    HBox line = new HBox(new Mark(severity), head);
    line.getStyleClass().add("card-head");
    VBox box = new VBox(line, words);
    box.getStyleClass().add("refusal");
    return box;
  }

  /// For a sentence about what was asked: amounts as the plan gives them.
  static String atRisk(PlanView plan) {
    PlanView.DataAtRisk risk = plan.dataAtRisk();
    return Text.MOVE_AT_RISK.of(
        Units.count(risk.transactions()),
        Units.bytes(risk.bytes()),
        Units.millis(risk.seconds() * 1000),
        risk.explanation());
  }
}
