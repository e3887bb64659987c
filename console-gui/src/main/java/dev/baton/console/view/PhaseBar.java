package dev.baton.console.view;

import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.MovePhase;
import dev.baton.model.view.MoveView;
import java.util.stream.Collectors;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/// The phases of a move side by side, each as wide as its share of the time; the tooltip and the
/// accessible text say them in words.
final class PhaseBar extends HBox {
  private static final double LEAST_WIDTH = 2;

  PhaseBar(double width) {
    getStyleClass().add("phase-bar");
    setMinWidth(width);
    setPrefWidth(width);
    setMaxWidth(width);
    setMinHeight(10);
    setMaxHeight(10);
  }

  void show(MoveView move) {
    getChildren().clear();
    double whole =
        Math.max(1, move.phases().stream().mapToDouble(MoveView.PhaseView::millis).sum());
    for (int i = 0; i < move.phases().size(); i++) {
      MoveView.PhaseView phase = move.phases().get(i);
      Region part = new Region();
      part.getStyleClass().addAll("phase", "phase-" + i % 2);
      double width = Math.max(LEAST_WIDTH, phase.millis() / whole * getPrefWidth());
      part.setMinWidth(width);
      part.setPrefWidth(width);
      Tooltip.install(part, new Tooltip(words(phase)));
      getChildren().add(part);
    }
    setAccessibleText(inWords(move));
  }

  static String inWords(MoveView move) {
    return move.phases().stream().map(PhaseBar::words).collect(Collectors.joining(", "));
  }

  private static String words(MoveView.PhaseView phase) {
    return nameOf(phase.name()) + " " + Units.millis(phase.millis());
  }

  static String nameOf(MovePhase phase) {
    return switch (phase) {
      case PLAN -> Text.PHASE_PLAN.of();
      case CATCH_UP -> Text.PHASE_CATCH_UP.of();
      case HOLD -> Text.PHASE_HOLD.of();
      case SETTLE -> Text.PHASE_SETTLE.of();
      case FENCE_SOURCE -> Text.PHASE_FENCE_SOURCE.of();
      case CONFIRM_LAST_POSITION -> Text.PHASE_CONFIRM_LAST_POSITION.of();
      case OPEN_TARGET -> Text.PHASE_OPEN_TARGET.of();
      case REPLAY_AND_REROUTE -> Text.PHASE_REPLAY_AND_REROUTE.of();
      case RESUME -> Text.PHASE_RESUME.of();
      case REJOIN -> Text.PHASE_REJOIN.of();
    };
  }

  /// `switchover`, `failover` as the agents write them.
  static String kind(MoveView move) {
    return move.kind().toString();
  }
}
