package dev.baton.console.view;

import dev.baton.console.model.MedianPhases;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView;
import java.util.List;
import java.util.Objects;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// One move in full: who and why, what was before and after, each phase beside the median of
/// earlier moves of its kind, what became of the clients, and who has acknowledged it.
final class MoveDetail {
  private static final double BAR = 320;
  private static final double LEAST = 2;
  private static final double FACTS = 720;

  private final Mark mark = new Mark();
  private final Label head = Labels.wrapped("", "card-title");
  private final GridPane facts = new GridPane();
  private final Label phasesTitle = Labels.title("");
  private final GridPane phases = new GridPane();
  private final VBox box;
  private @Nullable MoveView shown;

  MoveDetail() {
    head.setId("history-head");
    facts.setId("history-facts");
    facts.getStyleClass().add("facts");
    ColumnConstraints caption = new ColumnConstraints();
    caption.setMinWidth(Region.USE_PREF_SIZE);
    facts.getColumnConstraints().add(caption);
    phases.setId("history-phases");
    phases.getStyleClass().add("phases");
    HBox line = new HBox(mark, head);
    line.getStyleClass().add("card-head");
    VBox timing = new VBox(phasesTitle, phases);
    facts.setMaxWidth(FACTS);
    HBox both = new HBox(facts, timing);
    both.getStyleClass().add("detail");
    timing.setMinWidth(Region.USE_PREF_SIZE);
    box = new VBox(line, both);
    box.getStyleClass().add("part-body");
  }

  Node node() {
    return box;
  }

  void show(@Nullable MoveView move, List<MoveView> all) {
    box.setVisible(move != null);
    if (move == null || move.equals(shown)) {
      return;
    }
    shown = move;
    mark.show(severity(move));
    head.setText(
        Text.HISTORY_HEAD.of(
            Long.toString(move.id()),
            move.kind(),
            move.service(),
            move.source(),
            move.target(),
            move.outcome()));
    facts.getChildren().clear();
    fact(Text.HISTORY_WHEN, MoveColumns.time(move.startedAt()));
    fact(Text.HISTORY_WHO, move.actor());
    fact(Text.HISTORY_WHY, move.reason());
    fact(
        Text.HISTORY_BEFORE, Text.HISTORY_EPOCH.of(move.source(), Long.toString(move.epoch() - 1)));
    fact(
        Text.HISTORY_AFTER,
        move.outcome().equals("done")
            ? Text.HISTORY_EPOCH.of(move.target(), Long.toString(move.epoch()))
            : move.outcome());
    fact(
        Text.HISTORY_TOOK,
        Text.HISTORY_TOOK_VALUE.of(
            Units.millis(move.detectMillis()), Units.millis(move.servedMillis())));
    fact(
        Text.HISTORY_CLIENTS,
        Text.MOVE_CLIENTS.of(
            Units.count(move.clientsHeld()),
            Units.count(move.transactionsReplayed()),
            Units.count(move.requestsReplayed()),
            Units.count(move.keepAlivesSent()),
            Units.count(move.clientsFailed())));
    fact(Text.MOVES_EXPLANATION, Objects.requireNonNullElse(move.explanation(), "–"));
    MoveView.Acknowledgement by = move.acknowledged();
    fact(
        Text.MOVES_ACKNOWLEDGED,
        by == null
            ? Text.HISTORY_NOBODY.of()
            : Text.HISTORY_BY.of(by.actor(), MoveColumns.time(by.at()), by.comment()));
    phases(move, MedianPhases.before(move, all));
  }

  private static Severity severity(MoveView move) {
    return switch (move.outcome()) {
      case "done" -> move.clientsFailed() == 0 ? Severity.NORMAL : Severity.WARNING;
      case "running" -> Severity.MAINTENANCE;
      default -> Severity.CRITICAL;
    };
  }

  private void fact(Text name, String value) {
    Label words = Labels.wrapped(value);
    words.setId("history-" + name.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    facts.addRow(facts.getRowCount(), Labels.muted(name.of()), words);
  }

  private void phases(MoveView move, MedianPhases medians) {
    phasesTitle.setText(
        medians.moves() == 0
            ? Text.HISTORY_PHASES.of()
            : Text.HISTORY_PHASES_MEDIAN.of(Units.count(medians.moves())));
    phases.getChildren().clear();
    double longest = 1;
    for (MoveView.PhaseView phase : move.phases()) {
      if (phase.name() == MovePhase.REJOIN) {
        continue; // clients are served by then: seconds of it would leave the others no width
      }
      double median = medians.of(phase.name());
      longest = Math.max(longest, Math.max(phase.millis(), Double.isNaN(median) ? 0 : median));
    }
    int row = 0;
    for (MoveView.PhaseView phase : move.phases()) {
      double median = medians.of(phase.name());
      StackPane bars = new StackPane();
      bars.setAlignment(javafx.geometry.Pos.CENTER_LEFT);
      boolean after = phase.name() == MovePhase.REJOIN;
      bars.getChildren()
          .add(
              bar(
                  after ? "phase-after" : "phase-actual",
                  Math.min(phase.millis(), longest),
                  longest,
                  after ? 14 : 10));
      if (after) {
        bars.getChildren().add(Labels.styled(Text.HISTORY_SERVED.of(), "muted", "in-bar"));
      } else if (!Double.isNaN(median)) {
        Region tick = bar("phase-median", LEAST, LEAST, 16);
        tick.setMaxWidth(LEAST);
        tick.setPrefWidth(LEAST);
        tick.setTranslateX(BAR * median / longest);
        bars.getChildren().add(tick);
      }
      phases.addRow(
          row++,
          new Label(PhaseBar.nameOf(phase.name())),
          right(Units.millis(phase.millis())),
          Labels.styled(
              Double.isNaN(median) ? "" : Text.HISTORY_MEDIAN.of(Units.millis(median)),
              "mono",
              "muted"),
          bars);
    }
  }

  private static Label right(String text) {
    Label label = Labels.styled(text, "mono", "right");
    label.setMaxWidth(Double.MAX_VALUE);
    return label;
  }

  private static Region bar(String style, double value, double longest, double height) {
    Region bar = new Region();
    bar.getStyleClass().add(style);
    double width = Math.max(LEAST, BAR * value / longest);
    bar.setMinHeight(height);
    bar.setMaxHeight(height);
    bar.setPrefWidth(width);
    bar.setMinWidth(Region.USE_PREF_SIZE);
    bar.setMaxWidth(width);
    return bar;
  }
}
