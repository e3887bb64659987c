package dev.baton.console.view;

import dev.baton.console.model.LinkState;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.MoveView;
import java.util.Objects;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/// A move as it runs: its phases with the time of each, then the outcome and what became of the
/// clients. When the connection is lost it says that what is shown is old, and that the move goes
/// on.
final class MoveProgress {
  private static final double BAR = 300;

  private final Mark mark = new Mark();
  private final Label head = Labels.wrapped("", "card-title");
  private final Label lost = Labels.wrapped("", "obstacle");
  private final GridPane phases = new GridPane();
  private final Label clients = Labels.wrapped("");
  private final Label explanation = Labels.wrapped("");
  private final VBox box;

  MoveProgress() {
    head.setId("move-outcome");
    clients.setId("move-clients");
    phases.setId("move-phases");
    phases.getStyleClass().add("phases");
    ColumnConstraints rest = new ColumnConstraints();
    rest.setHgrow(Priority.ALWAYS);
    phases.getColumnConstraints().addAll(new ColumnConstraints(), new ColumnConstraints(), rest);
    HBox line = new HBox(mark, head);
    line.getStyleClass().add("card-head");
    lost.setId("move-connection");
    box = new VBox(line, lost, phases, clients, explanation);
    box.getStyleClass().add("progress");
    connection(true, "");
  }

  Node node() {
    return box;
  }

  void connection(LinkState link) {
    switch (link) {
      case LinkState.Live _ -> connection(true, "");
      case LinkState.Connecting _ -> connection(false, Text.MOVE_RECONNECTING.of());
      case LinkState.Past _ -> connection(true, "");
      case LinkState.Broken broken ->
          connection(false, Text.MOVE_CONNECTION_LOST.of(broken.reason()));
    }
  }

  private void connection(boolean live, String words) {
    lost.setText(words);
    lost.setVisible(!live);
    lost.setManaged(!live);
    Labels.stale(phases, !live);
    Labels.stale(clients, !live);
  }

  void show(MoveView move) {
    String id = Long.toString(move.id());
    String total = Units.millis(move.servedMillis());
    switch (move.outcome()) {
      case "running" -> {
        mark.show(Severity.MAINTENANCE);
        head.setText(Text.MOVE_RUNNING.of(id, move.service(), move.source(), move.target(), total));
      }
      case "done" -> {
        mark.show(move.clientsFailed() == 0 ? Severity.NORMAL : Severity.WARNING);
        head.setText(Text.MOVE_DONE.of(id, move.service(), move.target(), total));
      }
      default -> {
        mark.show(Severity.CRITICAL);
        head.setText(Text.MOVE_OTHER.of(id, move.outcome(), total));
      }
    }
    phases(move);
    clients.setText(
        Text.MOVE_CLIENTS.of(
            Units.count(move.clientsHeld()),
            Units.count(move.transactionsReplayed()),
            Units.count(move.requestsReplayed()),
            Units.count(move.keepAlivesSent()),
            Units.count(move.clientsFailed())));
    explanation.setText(Objects.requireNonNullElse(move.explanation(), ""));
  }

  private void phases(MoveView move) {
    phases.getChildren().clear();
    double longest = move.phases().stream().mapToDouble(MoveView.PhaseView::millis).max().orElse(1);
    int row = 0;
    for (MoveView.PhaseView phase : move.phases()) {
      Region bar = new Region();
      bar.getStyleClass().add("lag-bar");
      bar.setMinHeight(10);
      bar.setMaxHeight(10);
      double width = Math.max(2, BAR * phase.millis() / Math.max(1, longest));
      bar.setPrefWidth(width);
      bar.setMaxWidth(width);
      phases.addRow(
          row++,
          new Label(PhaseBar.nameOf(phase.name())),
          Labels.styled(Units.millis(phase.millis()), "mono", "right"),
          bar);
    }
  }
}
