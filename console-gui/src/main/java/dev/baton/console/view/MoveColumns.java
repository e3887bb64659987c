package dev.baton.console.view;

import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.MoveView;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.jspecify.annotations.Nullable;

/// The columns of a table of moves.
final class MoveColumns {
  private static final double PHASES_WIDTH = 130;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

  private MoveColumns() {}

  /// @param whole with service and acknowledgement as well
  static void add(TableView<MoveView> table, boolean whole) {
    if (whole) {
      column(table, Text.MOVES_SERVICE, 64, MoveView::service);
    }
    column(table, Text.MOVES_ID, 36, move -> Long.toString(move.id()));
    column(table, Text.MOVES_STARTED, 152, move -> TIME.format(move.startedAt()));
    column(table, Text.MOVES_KIND, 84, PhaseBar::kind);
    column(table, Text.MOVES_WAY, 62, move -> move.source() + " → " + move.target());
    column(table, Text.MOVES_OUTCOME, 72, MoveView::outcome);
    column(table, Text.MOVES_REASON, 170, MoveView::reason);
    column(table, Text.MOVES_ACTOR, 80, MoveView::actor);
    number(table, Text.MOVES_DETECT, 72, move -> Units.millis(move.detectMillis()));
    number(table, Text.MOVES_TOTAL, 68, move -> Units.millis(move.servedMillis()));
    phases(table);
    column(
        table,
        Text.MOVES_CLIENTS,
        204,
        move ->
            Text.MOVES_CLIENTS_VALUE.of(
                move.clientsHeld(), move.transactionsReplayed(), move.clientsFailed()));
    if (whole) {
      column(table, Text.MOVES_ACKNOWLEDGED, 110, MoveColumns::acknowledged);
    }
    column(
        table,
        Text.MOVES_EXPLANATION,
        160,
        move -> Objects.requireNonNullElse(move.explanation(), ""));
    TextCell.fill(table);
  }

  static String time(java.time.Instant at) {
    return TIME.format(at);
  }

  private static String acknowledged(MoveView move) {
    MoveView.Acknowledgement by = move.acknowledged();
    return by == null ? "–" : by.actor() + ": " + by.comment();
  }

  private static void phases(TableView<MoveView> table) {
    TableColumn<MoveView, MoveView> column = new TableColumn<>(Text.MOVES_PHASES.of());
    column.setPrefWidth(PHASES_WIDTH + 16);
    column.setSortable(false);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue()));
    column.setCellFactory(_ -> new PhasesCell());
    table.getColumns().add(column);
  }

  private static void column(
      TableView<MoveView> table, Text title, double width, Function<MoveView, String> value) {
    TableColumn<MoveView, String> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    column.setCellFactory(_ -> new TextCell<>(Function.identity()));
    table.getColumns().add(column);
  }

  private static void number(
      TableView<MoveView> table, Text title, double width, Function<MoveView, String> value) {
    column(table, title, width, value);
    table.getColumns().getLast().getStyleClass().add("number");
  }

  private static final class PhasesCell extends TableCell<MoveView, MoveView> {
    private final PhaseBar bar = new PhaseBar(PHASES_WIDTH);

    @Override
    protected void updateItem(@Nullable MoveView move, boolean empty) {
      super.updateItem(move, empty);
      if (empty || move == null) {
        setGraphic(null);
      } else {
        bar.show(move);
        setGraphic(bar);
      }
    }
  }
}
