package dev.baton.console.view;

import dev.baton.console.model.Immovable;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.PlanView;
import dev.baton.model.view.SessionView;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// A plan as it is reviewed: what would happen, what is at risk, and each guardrail with its value,
/// threshold, verdict, and why; with the remedy when it does not pass.
final class PlanPane {
  private static final int SHORT_COLUMNS = 5; // mark, verdict, name, value, threshold
  private static final double CELL_MAX_WIDTH = 150;

  private final Label expectation = Labels.wrapped("");
  private final Label risk = Labels.wrapped("");
  private final Mark riskMark = new Mark();
  private final GridPane guardrails = new GridPane();
  private final Label chosenWords = Labels.wrapped("");
  private final Label immovableTitle = Labels.title("");
  private final GridPane immovable = new GridPane();
  private final VBox box;

  PlanPane() {
    risk.setId("plan-risk");
    guardrails.setId("plan-guardrails");
    guardrails.getStyleClass().add("guardrails");
    for (int column = 0; column < SHORT_COLUMNS; column++) {
      ColumnConstraints fits = new ColumnConstraints();
      fits.setMinWidth(Region.USE_PREF_SIZE);
      guardrails.getColumnConstraints().add(fits);
    }
    ColumnConstraints why = new ColumnConstraints();
    why.setHgrow(Priority.ALWAYS);
    guardrails.getColumnConstraints().add(why);
    HBox riskLine = new HBox(riskMark, risk);
    riskLine.getStyleClass().add("card-head");
    chosenWords.setId("plan-chosen");
    immovable.setId("plan-immovable");
    immovable.getStyleClass().add("guardrails");
    box =
        new VBox(
            chosenWords,
            expectation,
            riskLine,
            Labels.title(Text.PLAN_GUARDRAILS.of()),
            guardrails,
            immovableTitle,
            immovable);
    box.getStyleClass().add("plan");
  }

  Node node() {
    return box;
  }

  void show(PlanView plan) {
    Double stall = plan.expectedStallMillis();
    expectation.setText(
        Text.PLAN_EXPECTATION.of(
            Units.count(plan.clientsToHold()),
            Units.count(plan.openTransactions()),
            Units.count(plan.notMovable()),
            stall == null ? Text.PLAN_STALL_UNKNOWN.of() : Units.millis(stall)));
    PlanView.DataAtRisk atRisk = plan.dataAtRisk();
    risk.setText(MoveDialog.atRisk(plan));
    riskMark.show(
        atRisk.transactions() == 0 && atRisk.bytes() == 0 ? Severity.NORMAL : Severity.WARNING);
    guardrails.getChildren().clear();
    guardrails.addRow(
        0,
        new Label(),
        Labels.muted(Text.PLAN_VERDICT.of()),
        Labels.muted(Text.PLAN_GUARDRAIL.of()),
        Labels.muted(Text.PLAN_VALUE.of()),
        Labels.muted(Text.PLAN_THRESHOLD.of()),
        Labels.muted(Text.PLAN_WHY.of()));
    int row = 1;
    for (PlanView.Guardrail guardrail : plan.guardrails()) {
      add(row++, guardrail);
    }
  }

  /// Says which sessions stay behind and why, and what becomes of those that were dragged here.
  void sessions(List<SessionView> chosen, List<SessionView> all) {
    long cannot = chosen.stream().filter(session -> !session.movability().movable()).count();
    chosenWords.setText(
        chosen.isEmpty()
            ? ""
            : Text.PLAN_CHOSEN.of(
                Units.count(chosen.size()), Units.count(all.size()), Units.count(cannot)));
    chosenWords.setManaged(!chosen.isEmpty());
    List<Immovable> reasons = Immovable.of(all);
    immovableTitle.setText(
        reasons.isEmpty()
            ? Text.PLAN_ALL_MOVABLE.of()
            : Text.PLAN_IMMOVABLE.of(
                Units.count(reasons.stream().mapToLong(Immovable::sessions).sum())));
    immovable.getChildren().clear();
    int row = 0;
    for (Immovable reason : reasons) {
      immovable.addRow(
          row++,
          new Mark(Severity.WARNING),
          Labels.styled(Units.count(reason.sessions()), "mono", "right"),
          Labels.wrapped(
              reason.remedy().isBlank()
                  ? reason.reason()
                  : Text.PLAN_WHY_REMEDY.of(reason.reason(), reason.remedy())));
    }
  }

  private void add(int row, PlanView.Guardrail guardrail) {
    boolean passes = guardrail.verdict() == PlanView.Verdict.PASS;
    String why =
        passes || guardrail.remedy().isBlank()
            ? guardrail.why()
            : Text.PLAN_WHY_REMEDY.of(guardrail.why(), guardrail.remedy());
    guardrails.addRow(
        row,
        new Mark(severity(guardrail.verdict())),
        new Label(word(guardrail.verdict())),
        cell(guardrail.name()),
        cell(guardrail.value()),
        cell(guardrail.threshold()),
        Labels.wrapped(why));
  }

  private static Label cell(String text) {
    Label cell = Labels.wrapped(text);
    cell.setMaxWidth(CELL_MAX_WIDTH);
    return cell;
  }

  private static Severity severity(PlanView.Verdict verdict) {
    return switch (verdict) {
      case PASS -> Severity.NORMAL;
      case WARN -> Severity.WARNING;
      case BLOCK -> Severity.CRITICAL;
    };
  }

  private static String word(PlanView.Verdict verdict) {
    return switch (verdict) {
      case PASS -> Text.PLAN_PASS.of();
      case WARN -> Text.PLAN_WARN.of();
      case BLOCK -> Text.PLAN_BLOCK.of();
    };
  }
}
