package dev.baton.console.view;

import dev.baton.console.model.ConsoleModel;
import dev.baton.console.model.ServiceModel;
import dev.baton.console.model.Timed;
import dev.baton.console.text.Text;
import dev.baton.console.text.Units;
import dev.baton.model.view.MemoryView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.eclipse.e4.ui.di.Focus;

/// What the memories of the standbys have made redundant: requests and log, stamped, purged,
/// forwarded and held; the memory against its bound; and the transactions that no log covers yet.
final class DeduplicationView {
  private final ConsoleModel console;
  private final VBox memories = new VBox();
  private final TableView<MemoryView.UncoveredView> uncovered = new TableView<>();
  private final Label uncoveredTitle = Labels.title("");
  private final Label empty = Labels.wrapped(Text.MEMORY_EMPTY.of(), "muted", "empty");
  private final Map<String, MemoryPanel> panels = new HashMap<>();
  private Subscription pulse = Subscription.EMPTY;

  @Inject
  DeduplicationView(ConsoleModel console) {
    this.console = console;
  }

  @PostConstruct
  void create(BorderPane parent) {
    uncovered.setId("uncovered");
    uncovered.getStyleClass().addAll("dense", "edge-to-edge");
    uncovered.setPlaceholder(Labels.muted(Text.UNCOVERED_NONE.of()));
    uncovered.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    column(Text.UNCOVERED_SESSION, row -> Long.toString(row.session()));
    column(Text.UNCOVERED_REQUESTS, row -> row.firstRequest() + " … (" + row.requests() + ")");
    column(Text.UNCOVERED_BYTES, row -> Units.bytes(row.bytes()));
    column(Text.UNCOVERED_STAMPED_AT, row -> row.stampedAt().toString());
    column(
        Text.UNCOVERED_TRANSACTION,
        row -> row.transaction() == null ? "–" : row.transaction().toString());
    column(Text.UNCOVERED_AGE, row -> Units.millis(row.ageMillis()));
    VBox all = new VBox(memories, uncoveredTitle, uncovered);
    all.getStyleClass().add("part-body");
    VBox.setVgrow(uncovered, Priority.ALWAYS);
    parent.setCenter(all);
    pulse = Shown.watch(console, parent, this::refresh);
  }

  @PreDestroy
  void destroy() {
    pulse.unsubscribe();
  }

  @Focus
  void focus() {
    uncovered.requestFocus();
  }

  private void column(Text title, Function<MemoryView.UncoveredView, String> value) {
    TableColumn<MemoryView.UncoveredView, String> column = new TableColumn<>(title.of());
    column.setCellValueFactory(cell -> new ReadOnlyObjectWrapper<>(value.apply(cell.getValue())));
    uncovered.getColumns().add(column);
  }

  private void refresh() {
    ServiceModel service = console.selected();
    List<Timed<MemoryView>> all = service == null ? List.of() : service.memory();
    List<Node> nodes = new ArrayList<>();
    for (Timed<MemoryView> memory : all) {
      MemoryPanel panel = panels.computeIfAbsent(memory.value().host(), MemoryPanel::new);
      panel.show(memory, console.nowMillis());
      nodes.add(panel.node());
    }
    if (nodes.isEmpty()) {
      nodes.add(empty);
    }
    if (!memories.getChildren().equals(nodes)) {
      memories.getChildren().setAll(nodes);
    }
    List<MemoryView.UncoveredView> rows =
        all.stream().flatMap(memory -> memory.value().uncovered().stream()).toList();
    if (!uncovered.getItems().equals(rows)) {
      uncovered.getItems().setAll(rows);
    }
    uncoveredTitle.setText(Text.UNCOVERED_TITLE.of(Units.count(rows.size())));
  }
}
