package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.MoveView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// The moves of the service that is looked at, newest first, with their phases and what became of
/// the clients.
final class MovesView {
  private static final double PHASES_WIDTH = 220;

  private final ConsoleModel console;
  private final TableView<MoveView> table = new TableView<>();
  private final DateTimeFormatter time =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
  private Subscription selection = Subscription.EMPTY;

  @Inject
  MovesView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    table.setId("moves");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.MOVES_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.MOVES_NONE.of()));
    column(Text.MOVES_ID, 40, move -> Long.toString(move.id()));
    column(Text.MOVES_STARTED, 140, move -> time.format(move.startedAt()));
    column(Text.MOVES_KIND, 90, PhaseBar::kind);
    column(Text.MOVES_WAY, 80, move -> move.source() + " → " + move.target());
    column(Text.MOVES_REASON, 120, MoveView::reason);
    column(Text.MOVES_ACTOR, 80, MoveView::actor);
    column(Text.MOVES_OUTCOME, 90, MoveView::outcome);
    column(Text.MOVES_DETECT, 80, move -> Units.millis(move.detectMillis()));
    column(Text.MOVES_TOTAL, 80, move -> Units.millis(move.servedMillis()));
    phases();
    column(
        Text.MOVES_CLIENTS,
        190,
        move ->
            Text.MOVES_CLIENTS_VALUE.of(
                move.clientsHeld(), move.transactionsReplayed(), move.clientsFailed()));
    column(Text.MOVES_EXPLANATION, 260, move -> Objects.requireNonNullElse(move.explanation(), ""));
    parent.setCenter(table);
    selection = console.selectedProperty().subscribe(this::follow);
  }

  @PreDestroy
  void destroy() {
    selection.unsubscribe();
  }

  @Focus
  void focus() {
    table.requestFocus();
  }

  private void follow(@Nullable ServiceModel service) {
    ObservableList<MoveView> moves =
        service == null ? FXCollections.observableArrayList() : service.cluster().moves();
    table.setItems(
        new FilteredList<>(moves, m -> service != null && m.service().equals(service.name())));
  }

  private void phases() {
    TableColumn<MoveView, MoveView> column = new TableColumn<>(Text.MOVES_PHASES.of());
    column.setPrefWidth(PHASES_WIDTH + 16);
    column.setSortable(false);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue()));
    column.setCellFactory(_ -> new PhasesCell());
    table.getColumns().add(column);
  }

  private void column(Text title, double width, Function<MoveView, String> value) {
    TableColumn<MoveView, String> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    table.getColumns().add(column);
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
