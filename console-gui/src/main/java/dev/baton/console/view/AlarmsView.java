package dev.baton.console.view;

import dev.baton.console.model.Alarms;
import dev.baton.console.model.ClusterModel;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.Severity;
import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.model.view.AlarmView;
import dev.baton.model.view.StatusView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;

/// The alarms that stand now in all clusters: since when, what, and what to do.
final class AlarmsView {
  private final ConsoleModel console;
  private final TableView<Row> table = new TableView<>();
  private Subscription pulse = Subscription.EMPTY;

  private record Row(String cluster, AlarmView alarm) {}

  @Inject
  AlarmsView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    table.setId("alarms");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.ALARMS_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.ALARMS_NONE.of()));
    marks();
    column(Text.ALARMS_SINCE, 150, row -> MoveColumns.time(row.alarm().since()));
    column(Text.EVENTS_CLUSTER, 90, Row::cluster);
    column(Text.MOVES_SERVICE, 80, row -> row.alarm().service());
    column(Text.ALARMS_HOST, 60, row -> row.alarm().host());
    column(Text.ALARMS_NAME, 170, row -> row.alarm().name());
    column(Text.ALARMS_WHAT, 420, row -> row.alarm().what());
    column(Text.ALARMS_REMEDY, 420, row -> row.alarm().remedy());
    TextCell.fill(table);
    parent.setCenter(table);
    pulse = Shown.watch(console, parent, this::refresh);
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    table.requestFocus();
  }

  private void refresh() {
    List<Row> rows = new ArrayList<>();
    for (ClusterModel cluster : console.clusters()) {
      Timed<StatusView> status = cluster.status();
      if (status != null) {
        Alarms.of(status.value()).forEach(alarm -> rows.add(new Row(cluster.name(), alarm)));
      }
    }
    if (!rows.equals(List.copyOf(table.getItems()))) {
      table.getItems().setAll(rows);
    }
  }

  private void marks() {
    TableColumn<Row, String> column = new TableColumn<>();
    column.setMinWidth(28);
    column.setMaxWidth(28);
    column.setSortable(false);
    column.setCellFactory(_ -> new MarkCell());
    table.getColumns().add(column);
  }

  private void column(Text title, double width, Function<Row, String> value) {
    TableColumn<Row, String> column = new TableColumn<>(title.of());
    column.setPrefWidth(width);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    column.setCellFactory(_ -> new TextCell<>(Function.identity()));
    table.getColumns().add(column);
  }

  private static final class MarkCell extends TableCell<Row, String> {
    private final Mark mark = new Mark(Severity.CRITICAL);

    @Override
    protected void updateItem(String nothing, boolean empty) {
      super.updateItem(nothing, empty);
      setGraphic(empty ? null : mark);
    }
  }
}
