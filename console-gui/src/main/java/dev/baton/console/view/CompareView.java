package dev.baton.console.view;

import dev.baton.console.model.Comparison;
import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Severity;
import dev.baton.console.text.Text;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.css.PseudoClass;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;
import org.jspecify.annotations.Nullable;

/// Hosts side by side; a row in which hosts with the data differ is marked, and says what that
/// means when one takes over from the other.
final class CompareView {
  private static final PseudoClass DIFFERS = PseudoClass.getPseudoClass("differs");
  private static final double NAME_WIDTH = 170;
  private static final double HOST_WIDTH = 220;
  private static final int HOSTS_THAT_FIT = 5; // more are scrolled to

  private final ConsoleModel console;
  private final TableView<Comparison.Row> table = new TableView<>();
  private List<String> hosts = List.of();
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  CompareView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    table.setId("compare");
    table.getStyleClass().addAll("dense", "edge-to-edge");
    table.setAccessibleText(Text.COMPARE_ACCESSIBLE.of());
    table.setPlaceholder(Labels.muted(Text.HOSTS_EMPTY.of()));
    table.setRowFactory(_ -> new DifferingRow());
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
    ServiceModel service = console.selected();
    if (service == null) {
      table.getItems().clear();
      return;
    }
    Comparison now = Comparison.of(service);
    if (!now.hosts().equals(hosts)) {
      hosts = now.hosts();
      columns();
    }
    if (!now.rows().equals(List.copyOf(table.getItems()))) {
      int chosen = table.getSelectionModel().getSelectedIndex();
      table.getItems().setAll(now.rows());
      table.getSelectionModel().select(chosen);
    }
  }

  private void columns() {
    table.getColumns().clear();
    marks();
    column(Text.COMPARE_WHAT.of(), NAME_WIDTH, -1);
    for (int i = 0; i < hosts.size(); i++) {
      column(hosts.get(i), HOST_WIDTH, i);
    }
    TableColumn<Comparison.Row, String> matters = new TableColumn<>(Text.COMPARE_MATTERS.of());
    matters.setPrefWidth(2 * HOST_WIDTH);
    matters.setCellValueFactory(
        cell ->
            new ReadOnlyObjectWrapper<>(
                cell.getValue().differs() ? cell.getValue().matters() : ""));
    table.getColumns().add(matters);
    if (hosts.size() <= HOSTS_THAT_FIT) {
      TextCell.fill(table);
    } else {
      table.setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
    }
  }

  private void column(String title, double width, int host) {
    TableColumn<Comparison.Row, String> column = new TableColumn<>(title);
    column.setPrefWidth(width);
    column.setSortable(false);
    column.setCellValueFactory(
        cell ->
            new ReadOnlyObjectWrapper<>(
                host < 0 ? cell.getValue().name() : cell.getValue().values().get(host)));
    table.getColumns().add(column);
  }

  private void marks() {
    TableColumn<Comparison.Row, Boolean> column = new TableColumn<>();
    column.setMinWidth(28);
    column.setMaxWidth(28);
    column.setSortable(false);
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(cell.getValue().differs()));
    column.setCellFactory(_ -> new MarkCell());
    table.getColumns().add(column);
  }

  private static final class MarkCell extends TableCell<Comparison.Row, Boolean> {
    private final Mark mark = new Mark(Severity.WARNING);

    @Override
    protected void updateItem(@Nullable Boolean differs, boolean empty) {
      super.updateItem(differs, empty);
      setGraphic(!empty && Boolean.TRUE.equals(differs) ? mark : null);
    }
  }

  private static final class DifferingRow extends TableRow<Comparison.Row> {
    @Override
    protected void updateItem(Comparison.@Nullable Row row, boolean empty) {
      super.updateItem(row, empty);
      pseudoClassStateChanged(DIFFERS, !empty && row != null && row.differs());
    }
  }
}
